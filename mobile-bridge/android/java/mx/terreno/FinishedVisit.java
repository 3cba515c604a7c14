package mx.terreno;

/**
 * A finished visit.
 *
 * @param sync pending, confirmed or quarantined
 */
public record FinishedVisit(
        String id, String caseId, long finishedAtMs, String outcomeCode, String sync, long filesPending) {
    static FinishedVisit of(Json.Members json) {
        return new FinishedVisit(
                json.text("id"),
                json.text("case_id"),
                json.whole("finished_at_ms"),
                json.text("outcome_code"),
                json.text("sync"),
                json.whole("files_pending"));
    }
}
