package mx.terreno;

/**
 * A visit that is neither finished nor cancelled.
 *
 * @param stage arrived or answering
 */
public record OpenVisit(String id, String caseId, long arrivedAtMs, String stage) {
    static OpenVisit of(Json.Members json) {
        return new OpenVisit(
                json.text("id"), json.text("case_id"), json.whole("arrived_at_ms"), json.text("stage"));
    }
}
