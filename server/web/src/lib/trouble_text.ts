import type { Formats } from "./format";
import type { Dictionary } from "./i18n/es";
import { missing_since_ms, trouble_of } from "./trouble";
import type { Gestor } from "./types";

/** What is wrong with a gestor, in words; null when nothing is. */
export function trouble_text(gestor: Gestor, now_ms: number, t: Dictionary, f: Formats): string | null {
  const trouble = trouble_of(gestor);
  if (trouble === null) return null;
  if (trouble === "low_battery") return t.trouble.low_battery(f.percent(gestor.battery?.percent ?? 0));
  const missing_ms = missing_since_ms(gestor);
  const since = f.since(missing_ms, now_ms);
  if (gestor.lacking === "position") {
    return missing_ms > 0 ? t.trouble.no_position(since) : t.trouble.no_position_ever;
  }
  if (trouble === "late") return t.trouble.late(since);
  return missing_ms > 0 ? t.trouble.silent(since) : t.trouble.silent_ever;
}
