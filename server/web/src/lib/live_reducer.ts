import type { CaseState, Gestor, LiveEvent, VisitSummary } from "./types";

// What a live event does to what is on screen; pure, so that it can be tested without a socket.

export interface LiveState {
  gestores: ReadonlyMap<string, Gestor>;
  /** Visits that arrived while the console watched, newest first. */
  arrived: readonly VisitSummary[];
  case_states: ReadonlyMap<string, CaseState>;
}

export const kEmptyLive: LiveState = { gestores: new Map(), arrived: [], case_states: new Map() };

const kArrivedKept = 500;

export interface Applied {
  state: LiveState;
  /** The event cannot be told from itself alone: ask the server for the gestores again. */
  refetch_gestores: boolean;
  /** The figures of the day have changed. */
  refetch_summary: boolean;
}

/** `is_today` tells whether a time lies on the tenant's present day, by which the server counts finished visits. */
export function apply_live(state: LiveState, event: LiveEvent, is_today: (at_ms: number) => boolean): Applied {
  const unchanged: Applied = { state, refetch_gestores: false, refetch_summary: false };
  switch (event.type) {
    case "position":
      return apply_position(state, event);
    case "shift":
      return { state, refetch_gestores: true, refetch_summary: true };
    case "visit":
      return apply_visit(state, event.visit, is_today(event.visit.finished_at_ms));
    case "case": {
      const case_states = new Map(state.case_states).set(event.id, event.state);
      return { ...unchanged, state: { ...state, case_states } };
    }
    default:
      return unchanged;
  }
}

function apply_position(state: LiveState, event: Extract<LiveEvent, { type: "position" }>): Applied {
  const known = state.gestores.get(event.gestor_id);
  if (!known) return { state, refetch_gestores: true, refetch_summary: false };
  // Late chunks may arrive after newer ones: an older position never takes a newer one's place.
  const newer = !known.position || event.position.at_ms >= known.position.at_ms;
  const gestor: Gestor = {
    ...known,
    position: newer ? event.position : known.position,
    battery: newer_battery(known.battery, event.battery),
    last_sync_at_ms: Math.max(known.last_sync_at_ms ?? 0, event.now_ms),
    // A phone that was long without network tells old positions first: having moved is not being fresh.
    ...(newer && known.state !== "off" ? { state: event.state, lacking: event.lacking } : {}),
  };
  const gestores = new Map(state.gestores).set(event.gestor_id, gestor);
  return { state: { ...state, gestores }, refetch_gestores: known.state === "off", refetch_summary: false };
}

function newer_battery(known: Gestor["battery"], told: Gestor["battery"]): Gestor["battery"] {
  if (!told) return known;
  return known && known.at_ms > told.at_ms ? known : told;
}

function apply_visit(state: LiveState, visit: VisitSummary, of_today: boolean): Applied {
  const seen = state.arrived.some((other) => other.id === visit.id);
  const arrived = [visit, ...state.arrived.filter((other) => other.id !== visit.id)].slice(0, kArrivedKept);
  const gestor = state.gestores.get(visit.gestor_id);
  const gestores =
    gestor && of_today && !seen
      ? new Map(state.gestores).set(gestor.id, { ...gestor, visits_today: gestor.visits_today + 1 })
      : state.gestores;
  return { state: { ...state, arrived, gestores }, refetch_gestores: false, refetch_summary: true };
}

/** Visits of a list with those that arrived since, each once, newest arrival first. */
export function merged_visits(fetched: readonly VisitSummary[], arrived: readonly VisitSummary[]): VisitSummary[] {
  const by_id = new Map(fetched.map((visit) => [visit.id, visit]));
  for (const visit of arrived) by_id.set(visit.id, visit);
  return [...by_id.values()].sort((a, b) => b.arrived_at_ms - a.arrived_at_ms);
}

/** Waits before the n-th attempt to connect again: 1 s, 2 s, 4 s … 30 s, spread so that a hundred consoles
 * that lost the same server do not come back in the same instant. */
export function backoff_ms(attempt: number, random: number): number {
  const longest = Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.75 + 0.5 * random));
}
