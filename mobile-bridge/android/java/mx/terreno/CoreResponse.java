package mx.terreno;

import java.util.List;

/** What the server answered. */
public record CoreResponse(int status, List<Header> headers, byte[] body) {}
