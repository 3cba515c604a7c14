package mx.terreno;

import java.nio.charset.StandardCharsets;

/** What the core refused or could not do. The message is in the phone's language where a gestor should read it. */
public final class TerrenoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    /** Called by the library. */
    TerrenoException(int number, byte[] message) {
        super(new String(message, StandardCharsets.UTF_8));
        code = ErrorCode.of(number);
    }

    public ErrorCode code() {
        return code;
    }

    /** The same call may succeed later. */
    public boolean retryable() {
        return code.retryable;
    }
}
