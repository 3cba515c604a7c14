import type { FeatureCollection } from "geojson";
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
} from "maplibre-gl";
import { kFont, kFontBold, kFontMedium } from "./setup";
import type { Palette } from "./palette";

// The town under everything: a GeoJSON whose features say what they are by `kind` and `class`.

export const kBaseSource = "base";
export const kGridSource = "grid";

const kind = (...kinds: string[]): FilterSpecification => ["in", ["get", "kind"], ["literal", kinds]];
const both = (a: FilterSpecification, b: FilterSpecification): FilterSpecification =>
  ["all", a as ExpressionSpecification, b as ExpressionSpecification];
const is_class = (...classes: string[]): FilterSpecification => [
  "in",
  ["coalesce", ["get", "class"], ""],
  ["literal", classes],
];
const lines: FilterSpecification = ["==", ["geometry-type"], "LineString"];
const areas: FilterSpecification = ["==", ["geometry-type"], "Polygon"];

const street_class: ExpressionSpecification = ["coalesce", ["get", "class"], "street"];

/** Width in pixels that doubles with each zoom level, so that a street keeps its width on the ground. */
function ground_width(at_14: [highway: number, avenue: number, street: number], extra = 0): DataDrivenPropertyValueSpecification<number> {
  const at = (scale: number): ExpressionSpecification => [
    "match",
    street_class,
    "highway",
    at_14[0] * scale + extra,
    "avenue",
    at_14[1] * scale + extra,
    at_14[2] * scale + extra,
  ];
  return ["interpolate", ["exponential", 2], ["zoom"], 11, at(0.3), 14, at(1), 16, at(3), 19, at(16)];
}

const by_class = (highway: string, avenue: string, street: string): ExpressionSpecification => [
  "match",
  street_class,
  "highway",
  highway,
  "avenue",
  avenue,
  street,
];

/** Avenues lie over streets and highways over both, whatever their order in the file. */
const rank: ExpressionSpecification = ["match", street_class, "highway", 3, "avenue", 2, 1];

function ground_layers(p: Palette): LayerSpecification[] {
  return [
    { id: "land", type: "background", paint: { "background-color": p.land } },
    {
      id: "grid",
      type: "line",
      source: kGridSource,
      paint: { "line-color": p.grid, "line-width": 1 },
    },
    {
      id: "block",
      type: "fill",
      source: kBaseSource,
      filter: kind("block"),
      paint: { "fill-color": p.block, "fill-outline-color": p.block_edge },
    },
    {
      id: "park",
      type: "fill",
      source: kBaseSource,
      filter: kind("park"),
      paint: {
        "fill-color": ["match", ["coalesce", ["get", "class"], ""], "riverside", p.riverside, "sport", p.sport, p.park],
      },
    },
    {
      id: "plaza",
      type: "fill",
      source: kBaseSource,
      filter: kind("plaza"),
      paint: { "fill-color": p.plaza },
    },
    {
      id: "water",
      type: "fill",
      source: kBaseSource,
      filter: both(kind("river"), areas),
      paint: { "fill-color": p.water },
    },
    {
      id: "water-line",
      type: "line",
      source: kBaseSource,
      filter: both(kind("river"), lines),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": p.water, "line-width": ["interpolate", ["exponential", 2], ["zoom"], 11, 2, 14, 8, 17, 64] },
    },
    {
      id: "building",
      type: "fill",
      source: kBaseSource,
      minzoom: 14.2,
      filter: both(kind("building"), is_class("house", "")),
      paint: {
        "fill-color": p.building,
        "fill-outline-color": p.building_edge,
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 14.2, 0, 15.2, 1],
      },
    },
    {
      id: "landmark",
      type: "fill",
      source: kBaseSource,
      minzoom: 12.5,
      filter: both(kind("building"), ["!", is_class("house", "") as ExpressionSpecification]),
      paint: { "fill-color": p.landmark, "fill-outline-color": p.building_edge },
    },
  ];
}

function street_layers(p: Palette): LayerSpecification[] {
  return [
    {
      id: "street-edge",
      type: "line",
      source: kBaseSource,
      minzoom: 12.5,
      filter: kind("street"),
      layout: { "line-cap": "butt", "line-join": "round", "line-sort-key": rank },
      paint: {
        "line-color": by_class(p.highway_edge, p.avenue_edge, p.street_edge),
        "line-width": ground_width([5, 4, 2.2], 1.6),
      },
    },
    {
      id: "street",
      type: "line",
      source: kBaseSource,
      filter: kind("street"),
      layout: { "line-cap": "round", "line-join": "round", "line-sort-key": rank },
      paint: {
        "line-color": by_class(p.highway, p.avenue, p.street),
        "line-width": ground_width([5, 4, 2.2]),
      },
    },
  ];
}

function name_layers(p: Palette): LayerSpecification[] {
  const halo = { "text-halo-color": p.halo, "text-halo-width": 1.4 };
  return [
    {
      id: "street-name",
      type: "symbol",
      source: kBaseSource,
      minzoom: 14,
      filter: both(kind("street"), ["has", "name"]),
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 420,
        "symbol-sort-key": ["-", 0, rank],
        "text-field": ["get", "name"],
        "text-font": kFont,
        "text-size": ["interpolate", ["linear"], ["zoom"], 14, 10, 18, 13],
        "text-max-angle": 30,
        "text-padding": 6,
      },
      paint: { "text-color": p.street_text, ...halo },
    },
    {
      id: "water-name",
      type: "symbol",
      source: kBaseSource,
      minzoom: 13,
      filter: both(kind("river"), ["has", "name"]),
      layout: {
        "text-field": ["get", "name"],
        "text-font": kFontMedium,
        "text-size": 12,
        "text-letter-spacing": 0.08,
      },
      paint: { "text-color": p.water_text, ...halo },
    },
    {
      id: "green-name",
      type: "symbol",
      source: kBaseSource,
      minzoom: 14.6,
      filter: both(kind("park", "plaza"), ["has", "name"]),
      layout: {
        "text-field": ["get", "name"],
        "text-font": kFontMedium,
        "text-size": 11,
        "text-max-width": 8,
      },
      paint: { "text-color": p.green_text, ...halo },
    },
    {
      id: "landmark-name",
      type: "symbol",
      source: kBaseSource,
      minzoom: 14.6,
      filter: both(kind("building"), ["has", "name"]),
      layout: {
        "text-field": ["get", "name"],
        "text-font": kFontMedium,
        "text-size": 11,
        "text-max-width": 9,
      },
      paint: { "text-color": p.place_text, ...halo },
    },
    {
      id: "colonia-name",
      type: "symbol",
      source: kBaseSource,
      minzoom: 12.4,
      maxzoom: 16.5,
      filter: both(kind("place_name"), ["!", is_class("town") as ExpressionSpecification]),
      layout: {
        "text-field": ["upcase", ["get", "name"]],
        "text-font": kFontMedium,
        "text-size": ["interpolate", ["linear"], ["zoom"], 12, 9, 15, 11.5],
        "text-letter-spacing": 0.1,
        "text-max-width": 9,
        "text-padding": 12,
      },
      paint: { "text-color": p.place_text, "text-opacity": 0.85, ...halo },
    },
    {
      id: "town-name",
      type: "symbol",
      source: kBaseSource,
      maxzoom: 12.4,
      filter: both(kind("place_name"), is_class("town")),
      layout: { "text-field": ["get", "name"], "text-font": kFontBold, "text-size": 15 },
      paint: { "text-color": p.place_text, ...halo },
    },
  ];
}

export function base_layers(p: Palette): LayerSpecification[] {
  return [...ground_layers(p), ...street_layers(p), ...name_layers(p)];
}

let cached: Promise<FeatureCollection | null> | null = null;

/** The base map, asked for once while the page lives: it is the largest thing that the console loads. */
export function shared_basemap(load: () => Promise<FeatureCollection | null>): Promise<FeatureCollection | null> {
  cached ??= load().catch((error: unknown) => {
    cached = null;
    throw error;
  });
  return cached;
}

/** After a logout the next user may belong to another tenant. */
export function forget_basemap(): void {
  cached = null;
}
