import type { Gestor } from "./types";

/** At or under this a phone will not last the afternoon (tracking costs some 5 % an hour). */
export const kLowBatteryPercent = 20;

export type Trouble = "silent" | "low_battery" | "late";

/** What a supervisor should look at first; null when all is well. Nobody off shift is in trouble. */
export function trouble_of(gestor: Gestor): Trouble | null {
  if (gestor.state === "off") return null;
  if (gestor.state === "silent") return "silent";
  if (low_battery(gestor)) return "low_battery";
  return gestor.state === "late" ? "late" : null;
}

export function low_battery(gestor: Gestor): boolean {
  return gestor.battery !== null && !gestor.battery.charging && gestor.battery.percent <= kLowBatteryPercent;
}

const kRank: Record<Trouble, number> = { silent: 0, low_battery: 1, late: 2 };

function rank(gestor: Gestor): number {
  const trouble = trouble_of(gestor);
  if (trouble) return kRank[trouble];
  return gestor.state === "off" ? 9 : 5;
}

/** Trouble first, within it the longest silence or the emptiest battery; then by name. */
export function by_trouble(a: Gestor, b: Gestor): number {
  const ranks = rank(a) - rank(b);
  if (ranks !== 0) return ranks;
  if (trouble_of(a) === "low_battery") return (a.battery?.percent ?? 0) - (b.battery?.percent ?? 0);
  if (trouble_of(a) !== null) return missing_since_ms(a) - missing_since_ms(b);
  return a.name.localeCompare(b.name);
}

/** The last sign of life: a position or a sync, whichever is later; 0 when there was none. */
export function last_seen_ms(gestor: Gestor): number {
  return Math.max(gestor.position?.at_ms ?? 0, gestor.last_sync_at_ms ?? 0);
}

/** Since when a supervisor misses the gestor: the last position when it is that which does not come, else the last
 * sign of life; 0 when there was none in this shift. */
export function missing_since_ms(gestor: Gestor): number {
  if (gestor.lacking !== "position") return last_seen_ms(gestor);
  const placed_ms = gestor.position?.at_ms ?? 0;
  return placed_ms > (gestor.shift?.started_at_ms ?? 0) ? placed_ms : 0;
}

/** Lower case without accents, so that 'jose' finds José. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => word.length > 2 || /^\p{Lu}/u.test(word));
  const first = words[0]?.[0] ?? "?";
  const second = words.length > 1 ? (words[1]?.[0] ?? "") : "";
  return (first + second).toUpperCase();
}
