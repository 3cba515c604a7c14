import {
  type MapGeoJSONFeature,
  type Map as MapLibre,
  type MapMouseEvent,
  NavigationControl,
  ScaleControl,
} from "maplibre-gl";
import type { Feature, FeatureCollection, Point } from "geojson";
import type { CasePoints, Trails } from "../api";
import { type Bounds, bounds_of, circle, graticule, track_lines } from "../geo";
import { initials, low_battery } from "../trouble";
import type { CaseState, Gestor, Track, VisitSummary } from "../types";
import { kBaseSource, kGridSource } from "./basemap";
import { case_filter, field_layers, kFieldSources, trail_opacity } from "./field_layers";
import { Glide } from "./glide";
import { draw_icons } from "./icons";
import { palette_of } from "./palette";
import { calm_motion, empty_style, kNothing, make_map, type MapTexts, repaint, set_data } from "./setup";

export interface FieldMapEvents {
  select_gestor(id: string | null): void;
  open_case(id: string): void;
}

const kGlideMs = 1600;
// Every frame goes through MapLibre's worker: ten a second look smooth and leave the processor alone.
const kFrameMs = 100;
// A machine whose frames take longer than this (no graphics hardware) gets jumps instead of slides.
const kSlowFrameMs = 90;
const kPickPx = 6;

/** The live map: takes what is known now and keeps the picture of it. Call destroy() when it leaves. */
export class FieldMap {
  readonly map: MapLibre;
  #gestores: readonly Gestor[] = [];
  #selected: string | null = null;
  #glide = new Glide(calm_motion() ? 0 : kGlideMs);
  #frame = 0;
  #last_drawn_ms = 0;
  #frame_cost_ms = 16;
  #ready = false;
  #pending: (() => void)[] = [];
  #has_base = false;
  #town_bounds: Bounds | null = null;
  #steered = false;

  constructor(
    container: HTMLElement,
    private dark: boolean,
    texts: MapTexts,
    private readonly events: FieldMapEvents,
  ) {
    const style = empty_style(kFieldSources, field_layers(palette_of(dark)));
    this.map = make_map(container, style, texts, { center: [-99.13, 19.43], zoom: 11 });
    this.map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    this.map.once("load", () => this.#loaded());
    this.map.on("click", (event) => this.#clicked(event));
    this.map.on("mousemove", (event) => this.#pointed(event));
    this.map.on("moveend", () => this.#draw_grid());
    this.map.on("movestart", (event) => (this.#steered ||= event.originalEvent !== undefined));
  }

  /** Whether a person has chosen what to look at; from then on nothing else moves the map. */
  get steered(): boolean {
    return this.#steered;
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.map.remove();
  }

  set_basemap(base: FeatureCollection | null): void {
    this.#when_ready(() => {
      this.#has_base = base !== null;
      set_data(this.map, kBaseSource, base ?? kNothing);
      this.#town_bounds = base ? bounds_of(base) : null;
      this.#draw_grid();
    });
  }

  set_gestores(gestores: readonly Gestor[]): void {
    this.#gestores = gestores;
    const now = performance.now();
    this.#glide.forget_all_but(new Set(gestores.map((gestor) => gestor.id)));
    for (const { id, position } of gestores) {
      if (position) this.#glide.to(id, [position.lon, position.lat], now);
    }
    this.#when_ready(() => this.#animate());
  }

  set_trails(trails: Trails | null): void {
    this.#when_ready(() => set_data(this.map, "trails", trails ?? kNothing));
  }

  set_track(track: Track | null): void {
    this.#when_ready(() => set_data(this.map, "track", track ? track_lines(track) : kNothing));
  }

  /** The selected gestor's visits of the day, numbered in their order. */
  set_stops(visits: readonly VisitSummary[]): void {
    const in_order = [...visits].sort((a, b) => a.arrived_at_ms - b.arrived_at_ms);
    const features = in_order.map(
      (visit, i): Feature<Point> => ({
        type: "Feature",
        properties: { contact: visit.outcome.contact, number: i + 1 },
        geometry: { type: "Point", coordinates: [visit.lon, visit.lat] },
      }),
    );
    this.#when_ready(() => set_data(this.map, "stops", { type: "FeatureCollection", features }));
  }

  set_cases(cases: CasePoints | null): void {
    this.#when_ready(() => set_data(this.map, "cases", cases ?? kNothing));
  }

  show_case_states(shown: ReadonlySet<CaseState>): void {
    this.#when_ready(() => this.map.setFilter("cases", case_filter(shown)));
  }

  show_trails(shown: boolean): void {
    this.#when_ready(() => this.map.setLayoutProperty("trails", "visibility", shown ? "visible" : "none"));
  }

  set_theme(dark: boolean): void {
    if (dark === this.dark) return;
    this.dark = dark;
    this.#when_ready(() => {
      const palette = palette_of(dark);
      repaint(this.map, field_layers(palette));
      this.map.setPaintProperty("trails", "line-opacity", trail_opacity(this.#selected !== null));
      draw_icons(this.map, palette);
    });
  }

  select(id: string | null): void {
    this.#selected = id;
    this.#when_ready(() => {
      // One track is being read: the others step back.
      this.map.setPaintProperty("trails", "line-opacity", trail_opacity(id !== null));
      this.#draw();
    });
  }

  /** Brings one gestor into view, so many pixels beside the middle: a panel may cover part of the map. */
  fly_to(id: string, offset_px: [x: number, y: number]): void {
    const position = this.#gestores.find((gestor) => gestor.id === id)?.position;
    if (!position) return;
    this.#steered = true;
    this.map.easeTo({
      center: [position.lon, position.lat],
      zoom: Math.max(this.map.getZoom(), 15.2),
      offset: offset_px,
      duration: calm_motion() ? 0 : 900,
    });
  }

  /** Shows everybody, clear of what covers the left `left_px`; without anybody, the town or the cases. */
  fit(cases: CasePoints | null, left_px: number, duration_ms = 700): void {
    const bounds = bounds_of(this.#points(performance.now())) ?? (cases && bounds_of(cases)) ?? this.#town_bounds;
    if (!bounds) return;
    this.map.fitBounds([bounds[0], bounds[1], bounds[2], bounds[3]], {
      padding: { top: 60, right: 60, bottom: 60, left: left_px },
      maxZoom: 15,
      duration: calm_motion() ? 0 : duration_ms,
    });
  }

  #loaded(): void {
    draw_icons(this.map, palette_of(this.dark));
    this.#ready = true;
    for (const action of this.#pending) action();
    this.#pending = [];
    this.#draw_grid();
  }

  #when_ready(action: () => void): void {
    if (this.#ready) action();
    else this.#pending.push(action);
  }

  #draw_grid(): void {
    if (!this.#ready) return;
    const view = this.map.getBounds();
    const grid = this.#has_base
      ? kNothing
      : graticule([view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]);
    set_data(this.map, kGridSource, grid);
  }

  #points(now: number): FeatureCollection<Point> {
    const features: Feature<Point>[] = [];
    for (const gestor of this.#gestores) {
      const at = this.#glide.at(gestor.id, now);
      if (at) features.push(gestor_feature(gestor, at, gestor.id === this.#selected));
    }
    return { type: "FeatureCollection", features };
  }

  #draw(): void {
    const now = performance.now();
    this.#last_drawn_ms = now;
    set_data(this.map, "gestores", this.#points(now));
    const selected = this.#gestores.find((gestor) => gestor.id === this.#selected);
    const at = selected && this.#glide.at(selected.id, now);
    set_data(
      this.map,
      "accuracy",
      at && selected.position ? circle(at[0], at[1], selected.position.accuracy_m) : kNothing,
    );
  }

  #animate(): void {
    cancelAnimationFrame(this.#frame);
    let previous = performance.now();
    const step = (): void => {
      const now = performance.now();
      this.#frame_cost_ms += (Math.min(1000, now - previous) - this.#frame_cost_ms) * 0.1;
      previous = now;
      const moving = this.#glide.moving(now);
      const pace_ms = this.#frame_cost_ms > kSlowFrameMs ? kGlideMs : kFrameMs;
      if (!moving || now - this.#last_drawn_ms >= pace_ms) this.#draw();
      if (moving) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #pick(event: MapMouseEvent, layer: string): MapGeoJSONFeature | undefined {
    if (!this.#ready) return undefined;
    const { x, y } = event.point;
    const box: [[number, number], [number, number]] = [
      [x - kPickPx, y - kPickPx],
      [x + kPickPx, y + kPickPx],
    ];
    return this.map.queryRenderedFeatures(box, { layers: [layer] })[0];
  }

  #clicked(event: MapMouseEvent): void {
    const gestor = this.#pick(event, "gestores");
    if (gestor) {
      this.events.select_gestor(String(gestor.properties.id));
      return;
    }
    const item = this.#pick(event, "cases");
    if (item) this.events.open_case(String(item.properties.id));
    else this.events.select_gestor(null);
  }

  #pointed(event: MapMouseEvent): void {
    const over = this.#pick(event, "gestores") ?? this.#pick(event, "cases");
    this.map.getCanvas().classList.toggle("pointing", over !== undefined);
  }
}

function gestor_feature(gestor: Gestor, at: readonly [number, number], selected: boolean): Feature<Point> {
  const low = low_battery(gestor);
  const bearing = gestor.position?.bearing_deg;
  const moving = (gestor.position?.speed_mps ?? 0) > 0.5;
  const trouble = gestor.state === "silent" ? 4 : low ? 3 : gestor.state === "late" ? 2 : gestor.state === "fresh" ? 1 : 0;
  return {
    type: "Feature",
    properties: {
      id: gestor.id,
      name: gestor.name,
      initials: initials(gestor.name),
      state: gestor.state,
      selected,
      low,
      order: selected ? 9 : trouble,
      ...(gestor.battery ? { percent: `${gestor.battery.percent}%` } : {}),
      ...(moving && bearing !== null && bearing !== undefined ? { bearing } : {}),
    },
    geometry: { type: "Point", coordinates: [at[0], at[1]] },
  };
}
