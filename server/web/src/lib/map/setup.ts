import worker_url from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import {
  type GeoJSONSource,
  type LayerSpecification,
  Map as MapLibre,
  type MapOptions,
  setWorkerUrl,
  type StyleSpecification,
} from "maplibre-gl";
import type { FeatureCollection } from "geojson";

// The strict Content-Security-Policy forbids the worker from a blob: that MapLibre makes by itself, so the
// worker is a file of our own origin.
setWorkerUrl(worker_url);

export const kNothing: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Styles here name no glyph files: MapLibre then draws text with these page fonts (styles/fonts.css). */
export const kFont = ["Inter"];
export const kFontMedium = ["Inter Medium"];
export const kFontBold = ["Inter Bold"];
export const kFontItalic = ["Inter Medium"];

export function empty_style(sources: string[], layers: LayerSpecification[]): StyleSpecification {
  return {
    version: 8,
    sources: Object.fromEntries(sources.map((name) => [name, { type: "geojson", data: kNothing }])),
    layers,
  };
}

export interface MapTexts {
  zoom_in: string;
  zoom_out: string;
  north: string;
  label: string;
}

export function make_map(
  container: HTMLElement,
  style: StyleSpecification,
  labels: MapTexts,
  options: Partial<MapOptions> = {},
): MapLibre {
  return new MapLibre({
    container,
    style,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 19.5,
    fadeDuration: calm_motion() ? 0 : 120,
    locale: {
      "NavigationControl.ZoomIn": labels.zoom_in,
      "NavigationControl.ZoomOut": labels.zoom_out,
      "NavigationControl.ResetBearing": labels.north,
      "Map.Title": labels.label,
    },
    ...options,
  });
}

export function set_data(map: MapLibre, source: string, data: GeoJSON.GeoJSON): void {
  map.getSource<GeoJSONSource>(source)?.setData(data);
}

/** Repaints every layer from a style made for the other theme; sources and what they hold stay. */
export function repaint(map: MapLibre, layers: LayerSpecification[]): void {
  for (const layer of layers) {
    if (!map.getLayer(layer.id)) continue;
    for (const [property, value] of Object.entries(layer.paint ?? {})) {
      map.setPaintProperty(layer.id, property as never, value as never);
    }
  }
}

export function webgl_works(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

export const calm_motion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
