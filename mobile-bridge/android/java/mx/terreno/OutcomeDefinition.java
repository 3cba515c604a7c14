package mx.terreno;

/** One row of the tenant's catalogue of outcomes. */
public record OutcomeDefinition(
        String code,
        String labelEs,
        String labelEn,
        String labelPt,
        Purpose purpose,
        String contact,
        boolean asksPromise,
        boolean asksPayment,
        boolean asksPhoto) {
    static OutcomeDefinition of(Json.Members json) {
        return new OutcomeDefinition(
                json.text("code"),
                json.text("label_es"),
                json.text("label_en"),
                json.text("label_pt"),
                Purpose.of(json.text("purpose")),
                json.text("contact"),
                json.flag("asks_promise"),
                json.flag("asks_payment"),
                json.flag("asks_photo"));
    }
}
