package mx.terreno;

/**
 * What keeps a visit from being finished.
 *
 * @param kind required_missing, constraint_broken, wrong_type or choice_gone
 */
public record AnswerProblem(String kind, String path, String message) {
    static AnswerProblem of(Json.Members json) {
        return new AnswerProblem(json.text("kind"), json.text("path"), json.text("message"));
    }
}
