package mx.terreno;

/** The shift that runs. */
public record OpenShift(String id, long startedAtMs, long fixes) {
    static OpenShift of(Json.Members json) {
        return new OpenShift(json.text("id"), json.whole("started_at_ms"), json.whole("fixes"));
    }
}
