package mx.terreno;

import java.util.Locale;

/** What a file of a visit shows. */
public enum EvidenceKind {
    PHOTO,
    SIGNATURE,
    AUDIO,
    DOCUMENT;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
