import type { Map as MapLibre } from "maplibre-gl";
import { live } from "./live.svelte";

// What a browser test may look at. It reads only, and shows nothing that the page has not fetched anyway.

export interface TerrenoInspection {
  /** Last known positions by gestor. */
  positions(): Record<string, [lon: number, lat: number, at_ms: number]>;
  arrived(): string[];
  connection(): string;
  /** How many features of a layer are on screen, and whether the map has come to rest; null without a map. */
  drawn(layer: string): { count: number; idle: boolean } | null;
  view(): { zoom: number; lon: number; lat: number } | null;
}

let map: MapLibre | null = null;

/** Makes a map inspectable until the returned function is called. */
export function publish_map(shown: MapLibre): () => void {
  map = shown;
  return () => {
    if (map === shown) map = null;
  };
}

const inspection: TerrenoInspection = {
  positions: () =>
    Object.fromEntries(
      live.gestores.flatMap(({ id, position }) =>
        position ? [[id, [position.lon, position.lat, position.at_ms] as [number, number, number]]] : [],
      ),
    ),
  arrived: () => live.arrived.map((visit) => visit.id),
  connection: () => live.connection,
  drawn: (layer) => {
    if (!map?.getLayer(layer)) return null;
    const ids = new Set(map.queryRenderedFeatures({ layers: [layer] }).map((feature) => String(feature.properties.id ?? feature.id)));
    return { count: ids.size, idle: map.loaded() };
  },
  view: () => {
    if (!map) return null;
    const { lng, lat } = map.getCenter();
    return { zoom: map.getZoom(), lon: lng, lat };
  },
};

declare global {
  interface Window {
    readonly terreno: TerrenoInspection;
  }
}

Object.defineProperty(window, "terreno", { value: Object.freeze(inspection) });
