package mx.terreno;

import java.util.List;

/** What the core wants sent; the path starts at the server's root. */
public record CoreRequest(String method, String path, List<Header> headers, byte[] body) {}
