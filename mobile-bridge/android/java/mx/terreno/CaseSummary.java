package mx.terreno;

/**
 * A case in a list.
 *
 * @param distanceM null when the phone does not know where it is
 * @param visits finished on this phone
 */
public record CaseSummary(FieldCase item, Double distanceM, long visits) {
    static CaseSummary of(Json.Members json) {
        return new CaseSummary(
                FieldCase.of(json.object("case")), json.numberOrNull("distance_m"), json.whole("visits"));
    }
}
