import type { LayerSpecification, Map as MapLibre } from "maplibre-gl";
import { NavigationControl } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { bounds_of, circle, distance_m } from "../geo";
import type { GateFix, Verdict, Visit } from "../types";
import { base_layers, kBaseSource, kGridSource } from "./basemap";
import { draw_icons } from "./icons";
import { type Palette, palette_of } from "./palette";
import { empty_style, kNothing, make_map, type MapTexts, repaint, set_data } from "./setup";

const kSources = [kBaseSource, kGridSource, "fence", "fixes", "fix-points", "fused", "pin"];

function verdict_layers(p: Palette, verdict: Verdict): LayerSpecification[] {
  const answer = p[verdict.answer];
  return [
    ...base_layers(p),
    { id: "fence", type: "fill", source: "fence", paint: { "fill-color": answer, "fill-opacity": 0.13 } },
    {
      id: "fence-edge",
      type: "line",
      source: "fence",
      paint: { "line-color": answer, "line-width": 2, "line-dasharray": [3, 2] },
    },
    { id: "fixes", type: "fill", source: "fixes", paint: { "fill-color": p.trail, "fill-opacity": 0.07 } },
    {
      id: "fixes-edge",
      type: "line",
      source: "fixes",
      paint: { "line-color": p.trail, "line-width": 1, "line-opacity": 0.5 },
    },
    {
      id: "fix-points",
      type: "circle",
      source: "fix-points",
      paint: {
        "circle-radius": 3.5,
        "circle-color": ["case", ["get", "mock"], p.outside, p.trail],
        "circle-stroke-color": p.marker_edge,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "fused-area",
      type: "line",
      source: "fused",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "line-color": answer, "line-width": 2 },
    },
    {
      id: "fused",
      type: "circle",
      source: "fused",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 7,
        "circle-color": answer,
        "circle-stroke-color": p.marker_edge,
        "circle-stroke-width": 2.5,
      },
    },
    {
      id: "pin",
      type: "symbol",
      source: "pin",
      layout: { "icon-image": "pin", "icon-allow-overlap": true },
    },
  ];
}

const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

function point(lon: number, lat: number, properties: Record<string, unknown> = {}): Feature {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } };
}

const kNearFences = 2;

function near(fix: GateFix | undefined, place: { lat: number; lon: number }, within_m: number): boolean {
  return fix !== undefined && distance_m([fix.lon, fix.lat], [place.lon, place.lat]) <= within_m;
}

const fix_area = (fix: GateFix): Feature => circle(fix.lon, fix.lat, fix.accuracy_m);

/** One visit's location: the place and its fence, what the phone read, and where the server puts it. */
export class VerdictMap {
  readonly map: MapLibre;
  #ready = false;

  constructor(
    container: HTMLElement,
    private dark: boolean,
    texts: MapTexts,
    private readonly visit: Visit,
    base: Promise<FeatureCollection | null>,
  ) {
    const layers = verdict_layers(palette_of(dark), visit.server_verdict);
    this.map = make_map(container, empty_style(kSources, layers), texts, {
      center: [visit.place.lon, visit.place.lat],
      zoom: 16,
      scrollZoom: false,
      cooperativeGestures: false,
    });
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.once("load", () => {
      this.#ready = true;
      draw_icons(this.map, palette_of(this.dark));
      this.#draw();
      void base.then((town) => this.map.getSource(kBaseSource) && set_data(this.map, kBaseSource, town ?? kNothing), () => {});
    });
  }

  set_theme(dark: boolean): void {
    if (dark === this.dark) return;
    this.dark = dark;
    if (!this.#ready) return;
    repaint(this.map, verdict_layers(palette_of(dark), this.visit.server_verdict));
    draw_icons(this.map, palette_of(dark));
  }

  destroy(): void {
    this.map.remove();
  }

  #draw(): void {
    const { place, fixes, server_verdict } = this.visit;
    const fence = circle(place.lon, place.lat, place.radius_m);
    const areas = fixes.map(fix_area);
    const fused = server_verdict.position;
    const fused_area = fused && circle(fused.lon, fused.lat, server_verdict.accuracy_m);
    set_data(this.map, "fence", fence);
    set_data(this.map, "pin", point(place.lon, place.lat));
    set_data(this.map, "fixes", collection(areas));
    set_data(this.map, "fix-points", collection(fixes.map((fix) => point(fix.lon, fix.lat, { mock: fix.mock }))));
    set_data(this.map, "fused", collection(fused && fused_area ? [fused_area, point(fused.lon, fused.lat)] : []));
    // The way there may have begun streets away: the view keeps to what decides.
    const close = areas.filter((_, i) => near(fixes[i], place, kNearFences * place.radius_m));
    const bounds = bounds_of(collection([fence, ...(fused_area ? [fused_area] : []), ...close]));
    if (bounds) this.map.fitBounds([bounds[0], bounds[1], bounds[2], bounds[3]], { padding: 28, duration: 0, maxZoom: 18 });
  }
}
