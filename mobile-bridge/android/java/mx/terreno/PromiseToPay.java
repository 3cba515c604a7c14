package mx.terreno;

/**
 * A promise.
 *
 * @param amount whole cents, over 0
 * @param date yyyy-mm-dd, in the tenant's day
 */
public record PromiseToPay(long amount, String date, String means) {}
