import { describe, expect, it } from "vitest";
import { apply_live, backoff_ms, kEmptyLive, type LiveState, merged_visits } from "./live_reducer";
import type { Gestor, LiveEvent, VisitSummary } from "./types";

const gestor = (changes: Partial<Gestor> = {}): Gestor => ({
  id: "g1",
  name: "Elena Ponce",
  state: "late",
  lacking: "contact",
  shift: { started_at_ms: 0, ended_at_ms: null },
  position: { lat: 20, lon: -101, accuracy_m: 10, at_ms: 1000, speed_mps: null, bearing_deg: null },
  battery: { percent: 60, charging: false, at_ms: 1000 },
  last_sync_at_ms: 1000,
  visits_today: 2,
  open_cases: 5,
  ...changes,
});
const visit = (id: string, arrived_at_ms: number, gestor_id = "g1"): VisitSummary =>
  ({ id, gestor_id, arrived_at_ms, outcome: { contact: "direct" }, marks: [] }) as unknown as VisitSummary;
const watching = (...gestores: Gestor[]): LiveState => ({
  ...kEmptyLive,
  gestores: new Map(gestores.map((one) => [one.id, one])),
});
const moved = (at_ms: number, lat = 20.5): Extract<LiveEvent, { type: "position" }> => ({
  type: "position",
  state: "fresh",
  lacking: null,
  gestor_id: "g1",
  position: { lat, lon: -101, accuracy_m: 8, at_ms, speed_mps: 1, bearing_deg: 90 },
  battery: { percent: 55, charging: false, at_ms },
  now_ms: at_ms + 500,
});

/** On a day that holds every visit told of. */
const apply = (state: LiveState, event: LiveEvent) => apply_live(state, event, () => true);

describe("a position", () => {
  it("moves the gestor and makes it fresh", () => {
    const { state } = apply(watching(gestor()), moved(2000));
    expect(state.gestores.get("g1")).toMatchObject({ state: "fresh", lacking: null, last_sync_at_ms: 2500, battery: { percent: 55 } });
    expect(state.gestores.get("g1")?.position?.lat).toBe(20.5);
  });

  it("of hours ago, told after long without network, makes nobody fresh", () => {
    const old: LiveEvent = { ...moved(2000), state: "silent", lacking: "position" };
    expect(apply(watching(gestor()), old).state.gestores.get("g1")).toMatchObject({
      state: "silent",
      lacking: "position",
      position: { at_ms: 2000 },
    });
  });

  it("that is older than the one on screen does not put the gestor back", () => {
    const { state } = apply(watching(gestor()), moved(400));
    expect(state.gestores.get("g1")?.position?.at_ms).toBe(1000);
    expect(state.gestores.get("g1")?.battery?.percent).toBe(60);
    expect(state.gestores.get("g1")?.state).toBe("late");
  });

  it("of somebody unknown asks the server who that is", () => {
    const applied = apply(kEmptyLive, moved(2000));
    expect(applied.refetch_gestores).toBe(true);
    expect(applied.state).toBe(kEmptyLive);
  });

  it("of somebody off shift does not open a shift, but asks", () => {
    const applied = apply(watching(gestor({ state: "off" })), moved(2000));
    expect(applied.state.gestores.get("g1")?.state).toBe("off");
    expect(applied.refetch_gestores).toBe(true);
  });

  it("leaves what was there untouched, so that views compare by identity", () => {
    const before = watching(gestor());
    apply(before, moved(2000));
    expect(before.gestores.get("g1")?.position?.at_ms).toBe(1000);
  });
});

describe("a visit", () => {
  it("counts once though it is told twice", () => {
    const event: LiveEvent = { type: "visit", visit: visit("v1", 10) };
    const once = apply(watching(gestor()), event).state;
    const twice = apply(once, event).state;
    expect(twice.arrived).toHaveLength(1);
    expect(twice.gestores.get("g1")?.visits_today).toBe(3);
  });

  it("that was finished on another day counts for that one", () => {
    const of_yesterday: LiveEvent = { type: "visit", visit: { ...visit("v1", 10), finished_at_ms: 20 } };
    const { state } = apply_live(watching(gestor()), of_yesterday, (at_ms) => at_ms > 100);
    expect(state.gestores.get("g1")?.visits_today).toBe(2);
    expect(state.arrived).toHaveLength(1);
  });

  it("asks for the day's figures again", () => {
    expect(apply(kEmptyLive, { type: "visit", visit: visit("v1", 10) }).refetch_summary).toBe(true);
  });

  it("takes the place of its fetched copy in a list, newest arrival first", () => {
    const newer = { ...visit("v1", 10), case_key: "new" };
    const merged = merged_visits([visit("v1", 10), visit("v2", 30)], [newer, visit("v3", 20)]);
    expect(merged.map((one) => one.id)).toEqual(["v2", "v3", "v1"]);
    expect(merged[2]?.case_key).toBe("new");
  });
});

it("a case's new state is remembered until the cases are fetched again", () => {
  const { state } = apply(kEmptyLive, { type: "case", id: "c1", state: "promised" });
  expect(state.case_states.get("c1")).toBe("promised");
});

it("an event of a kind that this console does not know changes nothing", () => {
  const state = watching(gestor());
  expect(apply(state, { type: "weather" } as unknown as LiveEvent).state).toBe(state);
});

it("waits longer after each failed attempt, up to half a minute and a spread", () => {
  const waits = [0, 1, 2, 3, 4, 5, 9, 40].map((attempt) => backoff_ms(attempt, 0.5));
  expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
  expect(Math.max(...waits)).toBe(30_000);
  expect(backoff_ms(0, 0)).toBe(750);
  expect(backoff_ms(40, 1)).toBe(37_500);
});
