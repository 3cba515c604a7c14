import type { Feature, FeatureCollection, LineString, Polygon, Position } from "geojson";
import type { Track } from "./types";

const kEarthRadiusM = 6_371_008.8;
const kRadians = Math.PI / 180;

/** A ring `radius_m` around a point; at city scale the plane tangent there is exact to centimetres. */
export function circle(lon: number, lat: number, radius_m: number, steps = 72): Feature<Polygon> {
  const dlat = radius_m / kEarthRadiusM / kRadians;
  const dlon = dlat / Math.cos(lat * kRadians);
  const ring: Position[] = [];
  for (let i = 0; i <= steps; i++) {
    const angle = (i % steps) * ((2 * Math.PI) / steps);
    ring.push([lon + dlon * Math.cos(angle), lat + dlat * Math.sin(angle)]);
  }
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}

/** Great-circle distance by the haversine formula. */
export function distance_m(a: Position, b: Position): number {
  const [lon_a, lat_a] = [(a[0] ?? 0) * kRadians, (a[1] ?? 0) * kRadians];
  const [lon_b, lat_b] = [(b[0] ?? 0) * kRadians, (b[1] ?? 0) * kRadians];
  const chord =
    Math.sin((lat_b - lat_a) / 2) ** 2 + Math.cos(lat_a) * Math.cos(lat_b) * Math.sin((lon_b - lon_a) / 2) ** 2;
  return 2 * kEarthRadiusM * Math.asin(Math.sqrt(chord));
}

const kSpikeDetourM = 60;

/**
 * Without fixes that shoot off and come back in one step, as GPS does between buildings: they make a drawing
 * unreadable. Only the drawing leaves them out; distances and verdicts are the server's, from all fixes.
 */
function without_spikes(line: Position[]): Position[] {
  const kept: Position[] = [];
  line.forEach((point, i) => {
    const before = kept.at(-1);
    const after = line[i + 1];
    if (before && after) {
      const way = distance_m(before, point) + distance_m(point, after);
      const straight = distance_m(before, after);
      if (way - straight > kSpikeDetourM && straight < way / 3) return;
    }
    kept.push(point);
  });
  return kept;
}

/** A track as lines that break where the phone was silent, so that no line crosses what nobody saw. */
export function track_lines(track: Track, gap_ms = 15 * 60_000): FeatureCollection<LineString> {
  const lines: Position[][] = [];
  let line: Position[] = [];
  let previous_ms = 0;
  for (const [lon, lat, at_ms] of track.points) {
    if (line.length > 0 && at_ms - previous_ms > gap_ms) {
      lines.push(line);
      line = [];
    }
    line.push([lon, lat]);
    previous_ms = at_ms;
  }
  lines.push(line);
  return {
    type: "FeatureCollection",
    features: lines
      .map(without_spikes)
      .filter((coordinates) => coordinates.length > 1)
      .map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } })),
  };
}

export type Bounds = [west: number, south: number, east: number, north: number];

function widen(bounds: Bounds, coordinates: unknown): void {
  if (!Array.isArray(coordinates)) return;
  const [lon, lat] = coordinates as [unknown, unknown];
  if (typeof lon === "number" && typeof lat === "number") {
    bounds[0] = Math.min(bounds[0], lon);
    bounds[1] = Math.min(bounds[1], lat);
    bounds[2] = Math.max(bounds[2], lon);
    bounds[3] = Math.max(bounds[3], lat);
    return;
  }
  for (const part of coordinates) widen(bounds, part);
}

/** What a collection covers; null when it holds nothing. */
export function bounds_of(collection: FeatureCollection): Bounds | null {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of collection.features) {
    if (geometry && "coordinates" in geometry) widen(bounds, geometry.coordinates);
  }
  return Number.isFinite(bounds[0]) ? bounds : null;
}

/** Meridians and parallels over a view, at a step that gives some six to twelve lines a side. */
export function graticule([west, south, east, north]: Bounds): FeatureCollection<LineString> {
  const step = graticule_step(Math.max(east - west, north - south));
  const features: Feature<LineString>[] = [];
  const line = (coordinates: Position[]): void => {
    features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } });
  };
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) line([[lon, south], [lon, north]]);
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) line([[west, lat], [east, lat]]);
  return { type: "FeatureCollection", features };
}

function graticule_step(span_deg: number): number {
  const rough = span_deg / 8;
  const power = 10 ** Math.floor(Math.log10(rough));
  const fitting = [1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10;
  return fitting * power;
}
