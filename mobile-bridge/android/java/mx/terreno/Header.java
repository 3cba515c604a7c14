package mx.terreno;

/** A line of an HTTP head. */
public record Header(String name, String value) {}
