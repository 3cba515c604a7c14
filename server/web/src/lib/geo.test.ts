import { describe, expect, it } from "vitest";
import { bounds_of, circle, distance_m, graticule, track_lines } from "./geo";

it("an accuracy circle has its radius in real metres in every direction", () => {
  for (const lat of [0, 20.6, -33.4, 60]) {
    for (const point of circle(-101.6, lat, 65).geometry.coordinates[0]!) {
      expect(distance_m([-101.6, lat], point)).toBeCloseTo(65, 1);
    }
  }
});

describe("a track", () => {
  const at = (minute: number): [number, number, number, number] => [minute / 1000, 20, minute * 60_000, 8];
  const track = (...minutes: number[]) => ({ gestor_id: "g", day: "", points: minutes.map(at), battery: [], travelled_m: 0 });

  it("breaks where the phone was silent for more than a quarter of an hour", () => {
    const lines = track_lines(track(0, 5, 10, 26, 30)).features;
    expect(lines.map((line) => line.geometry.coordinates.length)).toEqual([3, 2]);
  });

  it("leaves out a fix that shoots off and comes back, and keeps a corner and an end", () => {
    const step = 0.0003;
    const path: [number, number][] = [
      [0, 20],
      [step, 20],
      [2 * step, 20],
      [2 * step, 20.0025],
      [2 * step, 20.00001],
      [2 * step, 20 - step],
      [2 * step, 20 - 2 * step],
    ];
    const points = path.map(([lon, lat], i): [number, number, number, number] => [lon, lat, i * 10_000, 8]);
    const drawn = track_lines({ gestor_id: "g", day: "", points, battery: [], travelled_m: 0 }).features[0]!;
    expect(drawn.geometry.coordinates).toEqual(path.filter((_, i) => i !== 3));
  });

  it("draws nothing for a point that stands alone", () => {
    expect(track_lines(track(0, 60, 65)).features).toHaveLength(1);
    expect(track_lines(track()).features).toHaveLength(0);
  });
});

it("distances agree with the length of a degree", () => {
  expect(distance_m([0, 0], [0, 1])).toBeCloseTo(111_195, 0);
  expect(distance_m([0, 60], [1, 60])).toBeCloseTo(55_596, -1);
});

it("bounds hold every point of any geometry, and nothing has none", () => {
  const ring = circle(10, 50, 1000);
  const bounds = bounds_of({ type: "FeatureCollection", features: [ring] })!;
  for (const [lon, lat] of ring.geometry.coordinates[0]!) {
    expect(lon! >= bounds[0] && lon! <= bounds[2] && lat! >= bounds[1] && lat! <= bounds[3]).toBe(true);
  }
  expect(bounds_of({ type: "FeatureCollection", features: [] })).toBeNull();
});

it("the graticule keeps a readable number of lines at every zoom", () => {
  for (const span of [0.002, 0.037, 0.5, 9, 170]) {
    const lines = graticule([-span / 2, -span / 2, span / 2, span / 2]).features.length / 2;
    expect(lines).toBeGreaterThanOrEqual(3);
    expect(lines).toBeLessThanOrEqual(12);
  }
});
