package mx.terreno;

/**
 * What the location gate says.
 *
 * @param answer inside, outside or inconclusive
 * @param reason inside, outside, wait_better_fix, move_closer, no_fix, stale_fix or pin_uncertain
 * @param mayBegin whether the questionnaire opens
 * @param text what is the case and the one most useful thing to do, for the gestor
 * @param bearingDeg from the phone to the pin, 0..360 from north
 */
public record GateView(
        String answer,
        String reason,
        boolean mayBegin,
        String text,
        double probability,
        double distanceM,
        double accuracyM,
        double bearingDeg) {
    static GateView of(Json.Members json) {
        return new GateView(
                json.text("answer"),
                json.text("reason"),
                json.flag("may_begin"),
                json.text("text"),
                json.number("probability"),
                json.number("distance_m"),
                json.number("accuracy_m"),
                json.number("bearing_deg"));
    }
}
