package mx.terreno;

import java.util.Locale;

/** Why a case is visited. */
public enum Purpose {
    COLLECTION,
    VALIDATION;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Purpose of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
