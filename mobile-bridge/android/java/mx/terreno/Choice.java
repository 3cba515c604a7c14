package mx.terreno;

/** What may be answered to a question of choices. */
public record Choice(String value, String label) {
    static Choice of(Json.Members json) {
        return new Choice(json.text("value"), json.text("label"));
    }
}
