package mx.terreno;

/** Who this phone works for. */
public record Enrolment(String deviceId, String gestorId, String gestorName, String tenantName, String currency) {
    static Enrolment of(Json.Members json) {
        Json.Members tenant = json.object("tenant");
        return new Enrolment(
                json.text("device_id"),
                json.text("gestor_id"),
                json.text("gestor_name"),
                tenant.text("name"),
                tenant.text("currency"));
    }
}
