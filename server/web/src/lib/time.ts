// Clocks and the tenant's day. A phone's clock, the browser's and the server's may all differ; what the
// console shows is counted by the server's.

const kHour = 3_600_000;
const kDay = 24 * kHour;

/**
 * Follows the server's clock from the times it sends. It follows its pace too: a simulated day runs faster
 * than the wall clock, and 'two minutes ago' has to mean two minutes of that day.
 */
export class ServerClock {
  #server_ms: number;
  #local_ms: number;
  #pace = 1;
  #heard = false;

  constructor(local_now_ms: number) {
    this.#server_ms = local_now_ms;
    this.#local_ms = local_now_ms;
  }

  /** Takes one sample. Two samples within two seconds say little of the pace, so the second is left out. */
  observe(server_now_ms: number, local_now_ms: number): void {
    const server = server_now_ms - this.#server_ms;
    const local = local_now_ms - this.#local_ms;
    if (this.#heard) {
      if (local < 2000) return;
      const pace = server > 0 && server < 7 * kDay ? server / local : 1;
      this.#pace = Math.abs(pace - 1) < 0.2 ? 1 : pace;
    }
    this.#heard = true;
    this.#server_ms = server_now_ms;
    this.#local_ms = local_now_ms;
  }

  now(local_now_ms: number): number {
    return this.#server_ms + (local_now_ms - this.#local_ms) * this.#pace;
  }

  get pace(): number {
    return this.#pace;
  }
}

/** The date, yyyy-mm-dd, at `at_ms` in a place `utc_offset_minutes` east of Greenwich. */
export function day_of(at_ms: number, utc_offset_minutes: number): string {
  return new Date(at_ms + utc_offset_minutes * 60_000).toISOString().slice(0, 10);
}

/** The first millisecond of that day. */
export function day_start_ms(day: string, utc_offset_minutes: number): number {
  return Date.parse(`${day}T00:00:00Z`) - utc_offset_minutes * 60_000;
}

export type Span = { value: number; unit: "second" | "minute" | "hour" | "day" };

/** The coarsest unit in which a span of time is still worth saying: 59 s, 3 min, 5 h, 2 d. */
export function coarse_span(span_ms: number): Span {
  const ms = Math.max(0, span_ms);
  if (ms < 60_000) return { value: Math.floor(ms / 1000), unit: "second" };
  if (ms < kHour) return { value: Math.floor(ms / 60_000), unit: "minute" };
  if (ms < kDay) return { value: Math.floor(ms / kHour), unit: "hour" };
  return { value: Math.floor(ms / kDay), unit: "day" };
}
