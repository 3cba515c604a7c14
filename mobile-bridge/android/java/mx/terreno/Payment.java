package mx.terreno;

/**
 * A payment on the spot.
 *
 * @param amount whole cents, over 0
 * @param receipt may be empty
 */
public record Payment(long amount, String method, String receipt) {}
