// made by tools/generate from schema/errors.csv; do not edit
package mx.terreno;

/** What went wrong; the numbers are the core's. */
public enum ErrorCode {
    /** a broken invariant; a bug */
    INTERNAL(1, false),
    /** the disk or the database failed */
    IO(2, true),
    /** the caller gave something outside the stated range */
    INVALID_ARGUMENT(3, false),
    /** no such thing for this caller */
    NOT_FOUND(4, false),
    /** the same key is there with other content */
    ALREADY_EXISTS(5, false),
    /** somebody changed it meanwhile */
    CONFLICT(6, true),
    /** no valid credential */
    UNAUTHENTICATED(7, false),
    /** the credential does not allow this */
    FORBIDDEN(8, false),
    /** over a stated limit */
    TOO_LARGE(9, false),
    /** over a stated rate */
    TOO_MANY_REQUESTS(10, true),
    /** bytes from outside that do not decode */
    MALFORMED_BYTES(11, false),
    /** written by a newer version; an upgrade is needed */
    UNSUPPORTED_VERSION(12, false),
    /** hash or signature does not verify */
    SIGNATURE_MISMATCH(13, false),
    /** the journal does not continue what the server holds */
    CHAIN_FORK(14, false),
    /** the phone has no company yet */
    NOT_ENROLLED(15, false),
    /** the phone belongs to a company already */
    ALREADY_ENROLLED(16, false),
    /** the action needs an open shift */
    SHIFT_NOT_OPEN(17, false),
    /** a shift is open already */
    SHIFT_ALREADY_OPEN(18, false),
    /** the visit is finished or cancelled or was never begun */
    VISIT_NOT_OPEN(19, false),
    /** another visit is open */
    VISIT_ALREADY_OPEN(20, false),
    /** the location gate does not allow the visit */
    GATE_REFUSED(21, false),
    /** the form definition cannot be used */
    FORM_INVALID(22, false),
    /** an answer breaks a constraint or is missing */
    ANSWER_INVALID(23, false),
    /** the outcome lacks what it asks for */
    OUTCOME_INVALID(24, false),
    /** the file is not what it claims */
    EVIDENCE_INVALID(25, false),
    /** the database belongs to another version or key */
    DATABASE_MISMATCH(26, false),
    /** starting or stopping or overloaded */
    UNAVAILABLE(27, true),
    /** the route exists but not for this method */
    METHOD_NOT_ALLOWED(28, false),
    /** the file has bad lines */
    IMPORT_REJECTED(29, false),
    /** no space left */
    DISK_FULL(30, true);

    public final int number;
    public final boolean retryable;

    ErrorCode(int number, boolean retryable) {
        this.number = number;
        this.retryable = retryable;
    }

    static ErrorCode of(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return INTERNAL;
    }
}
