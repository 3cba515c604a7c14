package mx.terreno;

/**
 * What the server does not have yet, and why.
 *
 * @param trouble none, offline, server_busy, not_our_server, rejected, upgrade_needed or refused
 * @param troubleText for the gestor; empty when all is well
 */
public record SyncStatus(
        long pendingEntries,
        long pendingVisits,
        long pendingFiles,
        long pendingFileBytes,
        long filesSetAside,
        Long lastSuccessAtMs,
        String trouble,
        String troubleText,
        Long nextAttemptAtMs,
        boolean inFlight) {
    static SyncStatus of(Json.Members json) {
        return new SyncStatus(
                json.whole("pending_entries"),
                json.whole("pending_visits"),
                json.whole("pending_files"),
                json.whole("pending_file_bytes"),
                json.whole("files_set_aside"),
                json.wholeOrNull("last_success_at_ms"),
                json.text("trouble"),
                json.text("trouble_text"),
                json.wholeOrNull("next_attempt_at_ms"),
                json.flag("in_flight"));
    }
}
