package mx.terreno;

/** What a fix's accuracy means. In the core's order. */
public enum Platform {
    ANDROID,
    IOS,
    WEB,
    DESKTOP
}
