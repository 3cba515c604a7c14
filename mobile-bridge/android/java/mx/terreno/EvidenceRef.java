package mx.terreno;

/** A stored file of a visit. */
public record EvidenceRef(String sha256, String kind, String questionPath, String mediaType, long size) {
    static EvidenceRef of(Json.Members json) {
        return new EvidenceRef(
                json.text("sha256"),
                json.text("kind"),
                json.text("question_path"),
                json.text("media_type"),
                json.whole("size"));
    }
}
