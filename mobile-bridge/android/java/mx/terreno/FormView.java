package mx.terreno;

import java.util.List;

/** The questionnaire as it stands: the relevant questions in order. */
public record FormView(
        String title, List<String> languages, List<Question> questions, List<AnswerProblem> problems) {
    static FormView of(Json.Members json) {
        return new FormView(
                json.text("title"),
                json.texts("languages"),
                json.list("questions", Question::of),
                json.list("problems", AnswerProblem::of));
    }

    /** Null when no such question is shown. */
    public Question question(String path) {
        return questions.stream().filter(q -> q.path().equals(path)).findFirst().orElse(null);
    }
}
