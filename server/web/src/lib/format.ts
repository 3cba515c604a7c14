// Numbers, times, money and distances as a reader of one language expects them.

import { coarse_span, day_of } from "./time";

export type Language = "es" | "en" | "pt";

export const kLocales: Record<Language, string> = { es: "es-MX", en: "en-US", pt: "pt-BR" };

export interface Region {
  utc_offset_minutes: number;
  currency: string;
}

/** Formatters are dear to make and are asked for at every row, so each is made once. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export class Formats {
  readonly locale: string;
  readonly #offset: number;
  readonly #number: () => Intl.NumberFormat;
  readonly #percent: () => Intl.NumberFormat;
  readonly #money: () => Intl.NumberFormat;
  readonly #whole_money: () => Intl.NumberFormat;
  readonly #time: () => Intl.DateTimeFormat;
  readonly #seconds: () => Intl.DateTimeFormat;
  readonly #date: () => Intl.DateTimeFormat;
  readonly #plain_date: () => Intl.DateTimeFormat;
  readonly #relative: () => Intl.RelativeTimeFormat;

  constructor(language: Language, region: Region) {
    const locale = kLocales[language];
    this.locale = locale;
    this.#offset = region.utc_offset_minutes;
    this.#number = once(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
    this.#percent = once(() => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }));
    const currency = { style: "currency", currency: region.currency, currencyDisplay: "narrowSymbol" } as const;
    this.#money = once(() => new Intl.NumberFormat(locale, currency));
    this.#whole_money = once(
      () => new Intl.NumberFormat(locale, { ...currency, maximumFractionDigits: 0, minimumFractionDigits: 0 }),
    );
    // Not every browser takes an offset as a time zone: instants are shifted to the tenant's clock and written
    // as if that were UTC.
    const timeZone = "UTC";
    const clock = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    this.#time = once(() => new Intl.DateTimeFormat(locale, clock));
    this.#seconds = once(() => new Intl.DateTimeFormat(locale, { ...clock, second: "2-digit" }));
    this.#date = once(() => new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: "short", year: "numeric" }));
    this.#plain_date = once(
      () => new Intl.DateTimeFormat(locale, { timeZone, weekday: "short", day: "numeric", month: "short" }),
    );
    this.#relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "short" }));
  }

  number(value: number): string {
    return this.#number().format(value);
  }

  /** A share of one as a percentage; 'parts' of nothing are not 0 % but unknown. */
  share(part: number, whole: number): string {
    return whole === 0 ? "—" : this.#percent().format(part / whole);
  }

  percent(percent: number): string {
    return this.#percent().format(percent / 100);
  }

  money(cents: number): string {
    return this.#money().format(cents / 100);
  }

  /** Without the cents, for a figure read at a glance. */
  whole_money(cents: number): string {
    return this.#whole_money().format(cents / 100);
  }

  /** 14:05 */
  time(at_ms: number): string {
    return this.#time().format(this.#local(at_ms));
  }

  /** 14:05:09 */
  seconds(at_ms: number): string {
    return this.#seconds().format(this.#local(at_ms));
  }

  date(at_ms: number): string {
    return this.#date().format(this.#local(at_ms));
  }

  /** The time, and the date before it when that is another day than today. */
  moment(at_ms: number, now_ms: number): string {
    const same_day = day_of(at_ms, this.#offset) === day_of(now_ms, this.#offset);
    return same_day ? this.time(at_ms) : `${this.date(at_ms)}, ${this.time(at_ms)}`;
  }

  /** A yyyy-mm-dd as 'sáb 21 nov'. */
  day(day: string): string {
    const at = Date.parse(`${day}T00:00:00Z`);
    return Number.isNaN(at) ? day : this.#plain_date().format(at);
  }

  /** 'hace 3 min', 'in 5 hr.'; counted by the clock given. */
  ago(at_ms: number, now_ms: number): string {
    const span = coarse_span(Math.abs(now_ms - at_ms));
    return this.#relative().format(now_ms >= at_ms ? -span.value : span.value, span.unit);
  }

  /** As ago(), for what has happened: clocks a few seconds apart must not put it into the future. */
  since(at_ms: number, now_ms: number): string {
    return this.ago(Math.min(at_ms, now_ms), now_ms);
  }

  /** 45 s, 12 min, 3 h 05 min. */
  duration(span_ms: number): string {
    const minutes = Math.floor(Math.max(0, span_ms) / 60_000);
    if (minutes === 0) return `${Math.max(0, Math.round(span_ms / 1000))} s`;
    if (minutes < 60) return `${minutes} min`;
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h ${String(rest).padStart(2, "0")} min`;
  }

  /** 8 m, 240 m, 3.4 km, 27 km. */
  distance(metres: number): string {
    if (metres < 1000) return `${this.#unit(metres, "meter", 0)}`;
    return this.#unit(metres / 1000, "kilometer", metres < 20_000 ? 1 : 0);
  }

  bytes(count: number): string {
    if (count < 1024) return this.#unit(count, "byte", 0);
    if (count < 1024 * 1024) return this.#unit(count / 1024, "kilobyte", 0);
    return this.#unit(count / 1024 / 1024, "megabyte", 1);
  }

  #local(at_ms: number): number {
    return at_ms + this.#offset * 60_000;
  }

  #unit(value: number, unit: string, digits: number): string {
    const options = { style: "unit", unit, maximumFractionDigits: digits } as const;
    return new Intl.NumberFormat(this.locale, options).format(value);
  }
}
