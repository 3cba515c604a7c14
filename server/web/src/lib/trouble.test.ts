import { describe, expect, it } from "vitest";
import { by_trouble, folded, initials, last_seen_ms, missing_since_ms, trouble_of } from "./trouble";
import type { Gestor, GestorState } from "./types";

function gestor(name: string, state: GestorState, percent = 80, at_ms = 1000, charging = false): Gestor {
  return {
    id: name,
    name,
    state,
    lacking: null,
    shift: null,
    position: { lat: 0, lon: 0, accuracy_m: 5, at_ms, speed_mps: null, bearing_deg: null },
    battery: { percent, charging, at_ms },
    last_sync_at_ms: null,
    visits_today: 0,
    open_cases: 0,
  };
}

describe("trouble", () => {
  it("comes first: the longest silence, then the emptiest battery, then the late, then the rest by name", () => {
    const list = [
      gestor("Zoe", "fresh"),
      gestor("Ana", "fresh"),
      gestor("Off", "off", 2),
      gestor("Late", "late"),
      gestor("Low 12", "fresh", 12),
      gestor("Low 4", "fresh", 4),
      gestor("Silent short", "silent", 80, 5000),
      gestor("Silent long", "silent", 80, 100),
    ];
    expect(list.sort(by_trouble).map((one) => one.name)).toEqual([
      "Silent long",
      "Silent short",
      "Low 4",
      "Low 12",
      "Late",
      "Ana",
      "Zoe",
      "Off",
    ]);
  });

  it("is not an empty battery that is being charged, nor anything of somebody off shift", () => {
    expect(trouble_of(gestor("a", "fresh", 5, 0, true))).toBeNull();
    expect(trouble_of(gestor("a", "off", 5))).toBeNull();
    expect(trouble_of(gestor("a", "late", 5))).toBe("low_battery");
  });
});

it("the last sign of life is the later of position and sync", () => {
  expect(last_seen_ms({ ...gestor("a", "fresh", 80, 500), last_sync_at_ms: 900 })).toBe(900);
  expect(last_seen_ms({ ...gestor("a", "fresh"), position: null })).toBe(0);
});

it("who is heard but not placed is missed since the last position of the shift", () => {
  const unplaced: Gestor = {
    ...gestor("a", "silent", 80, 500),
    lacking: "position",
    last_sync_at_ms: 9000,
    shift: { started_at_ms: 100, ended_at_ms: null },
  };
  expect(missing_since_ms(unplaced)).toBe(500);
  expect(missing_since_ms({ ...unplaced, lacking: "contact" })).toBe(9000);
  expect(missing_since_ms({ ...unplaced, shift: { started_at_ms: 600, ended_at_ms: null } })).toBe(0);
  expect([gestor("quiet", "silent", 80, 700), unplaced].sort(by_trouble).map((one) => one.name)).toEqual(["a", "quiet"]);
});

it("search forgives accents and capitals", () => {
  expect(folded("José ÁNGEL Núñez")).toBe("jose angel nunez");
});

it("initials take the first two names that count", () => {
  expect(initials("María de la Luz Peña")).toBe("ML");
  expect(initials("Úrsula Barrón")).toBe("ÚB");
  expect(initials("Bo")).toBe("B");
  expect(initials("")).toBe("?");
});
