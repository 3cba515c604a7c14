package mx.terreno;

/**
 * One position as the location service gave it.
 *
 * @param capturedAtMs UTC, Location.getTime()
 * @param accuracyM as the platform claims it, over 0
 * @param speedMps null when unknown, as are bearing (0..360 from north) and altitude
 * @param mock Location.isMock()
 */
public record Fix(
        long capturedAtMs,
        double latitude,
        double longitude,
        double accuracyM,
        Double speedMps,
        Double bearingDeg,
        Double altitudeM,
        boolean mock) {
    public Fix(long capturedAtMs, double latitude, double longitude, double accuracyM) {
        this(capturedAtMs, latitude, longitude, accuracyM, null, null, null, false);
    }
}
