package mx.terreno;

/** No HTTP answer came, or only a part of one. In the core's order. */
public enum NetworkFailure {
    NO_CONNECTION,
    TIMEOUT,
    INTERRUPTED
}
