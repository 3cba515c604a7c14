package mx.terreno;

/** Where a visit may happen: a circle around a pin. */
public record Place(
        String kind, String address, String reference, double latitude, double longitude, double radiusM) {
    static Place of(Json.Members json) {
        Json.Members pin = json.object("pin");
        return new Place(
                json.text("kind"),
                json.text("address"),
                json.text("reference"),
                pin.number("latitude"),
                pin.number("longitude"),
                json.number("radius_m"));
    }
}
