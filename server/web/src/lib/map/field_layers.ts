import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { CaseState, GestorState } from "../types";
import { base_layers, kBaseSource, kGridSource } from "./basemap";
import type { Palette } from "./palette";
import { kFontBold, kFontMedium } from "./setup";

// What happens on the town: trails, cases, gestores, from the ground up.

export const kFieldSources = [kBaseSource, kGridSource, "trails", "track", "cases", "accuracy", "stops", "gestores"];

const by_value = (property: string, colors: Record<string, string>, otherwise: string): ExpressionSpecification =>
  ["match", ["get", property], ...Object.entries(colors).flat(), otherwise] as unknown as ExpressionSpecification;

/** How strongly the trails of the day show; beside a selected track hardly at all. */
export function trail_opacity(one_selected: boolean): ExpressionSpecification | number {
  return one_selected ? 0.1 : ["interpolate", ["linear"], ["zoom"], 12, 0.22, 16, 0.32];
}

function trail_layers(p: Palette): LayerSpecification[] {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    {
      id: "trails",
      type: "line",
      source: "trails",
      layout: round,
      paint: {
        "line-color": p.trail,
        "line-opacity": trail_opacity(false),
        "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1, 17, 2.5],
      },
    },
    {
      id: "track-edge",
      type: "line",
      source: "track",
      layout: round,
      paint: {
        "line-color": p.track_edge,
        "line-opacity": 0.9,
        "line-width": ["interpolate", ["linear"], ["zoom"], 12, 5, 17, 9],
      },
    },
    {
      id: "track",
      type: "line",
      source: "track",
      layout: round,
      paint: {
        "line-color": p.track,
        "line-width": ["interpolate", ["linear"], ["zoom"], 12, 2.5, 17, 5],
      },
    },
    {
      id: "track-arrows",
      type: "symbol",
      source: "track",
      minzoom: 14.5,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 70,
        "icon-image": "arrow",
        "icon-size": ["interpolate", ["linear"], ["zoom"], 14.5, 0.6, 18, 0.9],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
  ];
}

function case_layers(p: Palette): LayerSpecification[] {
  return [
    {
      id: "cases",
      type: "circle",
      source: "cases",
      layout: { "circle-sort-key": ["match", ["get", "state"], "escalated", 2, "cancelled", 0, 1] },
      paint: {
        "circle-color": by_value("state", p.cases, p.cases.open),
        "circle-radius": ["interpolate", ["exponential", 1.6], ["zoom"], 11, 1.6, 13, 3, 15, 5, 18, 9],
        "circle-stroke-color": p.marker_edge,
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 12, 0.5, 15, 1.5],
        "circle-opacity": ["match", ["get", "state"], ["resolved", "cancelled"], 0.75, 1],
      },
    },
  ];
}

function accuracy_layers(p: Palette): LayerSpecification[] {
  return [
    { id: "accuracy", type: "fill", source: "accuracy", paint: { "fill-color": p.accuracy, "fill-opacity": 0.14 } },
    {
      id: "accuracy-edge",
      type: "line",
      source: "accuracy",
      paint: { "line-color": p.accuracy, "line-width": 1.5, "line-opacity": 0.7 },
    },
  ];
}

const stops: LayerSpecification = {
  id: "stops",
  type: "symbol",
  source: "stops",
  minzoom: 12,
  layout: {
    "icon-image": ["concat", "stop-", ["get", "contact"]],
    "icon-allow-overlap": true,
    "text-field": ["to-string", ["get", "number"]],
    "text-font": kFontBold,
    "text-size": 10,
    "text-allow-overlap": true,
  },
};

const upright = { "icon-allow-overlap": true, "icon-ignore-placement": true } as const;
const state_is = (state: GestorState): ExpressionSpecification => ["==", ["get", "state"], state];

const marker_size: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 11, 0.62, 13, 0.82, 15, 1];

function gestor_layers(p: Palette): LayerSpecification[] {
  // Trouble is drawn last, over the others; the selected one over all.
  const order: ExpressionSpecification = ["get", "order"];
  return [
    {
      id: "halo",
      type: "symbol",
      source: "gestores",
      filter: ["any", state_is("silent"), ["get", "selected"]],
      layout: { ...upright, "icon-image": ["case", ["get", "selected"], "halo-selected", "halo-silent"] },
    },
    {
      id: "heading",
      type: "symbol",
      source: "gestores",
      minzoom: 13.5,
      filter: ["all", ["has", "bearing"], state_is("fresh")],
      layout: {
        ...upright,
        "icon-image": ["concat", "heading-", ["get", "state"]],
        "icon-size": marker_size,
        "icon-rotate": ["get", "bearing"],
        "icon-rotation-alignment": "map",
      },
    },
    {
      id: "gestores",
      type: "symbol",
      source: "gestores",
      layout: {
        ...upright,
        "symbol-sort-key": order,
        "icon-image": ["concat", "gestor-", ["get", "state"]],
        "icon-size": marker_size,
        "text-field": ["get", "initials"],
        "text-font": kFontBold,
        "text-size": ["interpolate", ["linear"], ["zoom"], 11, 7.5, 13, 9.5, 15, 11.5],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": by_value("state", p.gestor_text, p.marker_text) },
    },
    {
      id: "gestor-battery",
      type: "symbol",
      source: "gestores",
      filter: ["all", ["has", "percent"], ["!=", ["get", "state"], "off"], ["any", ["get", "low"], ["get", "selected"], [">=", ["zoom"], 15]]],
      layout: {
        "symbol-sort-key": order,
        "icon-image": ["case", ["get", "low"], "chip-low", "chip"],
        "icon-text-fit": "both",
        "icon-allow-overlap": true,
        "text-field": ["get", "percent"],
        "text-font": kFontBold,
        "text-size": 9.5,
        "text-offset": [1.5, -1.35],
        "text-allow-overlap": true,
      },
      paint: { "text-color": ["case", ["get", "low"], p.chip_low_text, p.chip_text] },
    },
    {
      id: "gestor-name",
      type: "symbol",
      source: "gestores",
      filter: ["any", ["get", "selected"], [">=", ["zoom"], 15.2], ["all", state_is("silent"), [">=", ["zoom"], 13]]],
      layout: {
        "symbol-sort-key": ["-", 0, order],
        "text-field": ["get", "name"],
        "text-font": kFontMedium,
        "text-size": 12,
        "text-anchor": "top",
        "text-offset": [0, 1.5],
        "text-optional": true,
      },
      paint: { "text-color": p.chip_text, "text-halo-color": p.halo, "text-halo-width": 1.8 },
    },
  ];
}

export function field_layers(p: Palette): LayerSpecification[] {
  const stop_layer = { ...stops, paint: { "text-color": p.marker_text } } as LayerSpecification;
  return [
    ...base_layers(p),
    ...trail_layers(p),
    ...case_layers(p),
    ...accuracy_layers(p),
    stop_layer,
    ...gestor_layers(p),
  ];
}

/** Draws only these states of cases. */
export function case_filter(shown: ReadonlySet<CaseState>): ExpressionSpecification {
  return ["in", ["get", "state"], ["literal", [...shown]]];
}
