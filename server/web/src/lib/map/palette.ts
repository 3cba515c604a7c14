import type { CaseState, ContactClass, GestorState } from "../types";

// Colours of the map. The canvas cannot read CSS tokens, so the ones that both sides need stand here and in
// styles/tokens.css with the same values.

export interface Palette {
  land: string;
  block: string;
  block_edge: string;
  building: string;
  building_edge: string;
  landmark: string;
  park: string;
  riverside: string;
  sport: string;
  plaza: string;
  water: string;
  street: string;
  street_edge: string;
  avenue: string;
  avenue_edge: string;
  highway: string;
  highway_edge: string;
  street_text: string;
  place_text: string;
  green_text: string;
  water_text: string;
  halo: string;
  grid: string;
  trail: string;
  track: string;
  track_edge: string;
  accuracy: string;
  marker_edge: string;
  marker_text: string;
  chip: string;
  chip_text: string;
  chip_low: string;
  chip_low_text: string;
  gestor: Record<GestorState, string>;
  gestor_text: Record<GestorState, string>;
  cases: Record<CaseState, string>;
  contacts: Record<ContactClass, string>;
  inside: string;
  outside: string;
  inconclusive: string;
}

export const kLight: Palette = {
  land: "#eceef0",
  block: "#f6f6f4",
  block_edge: "#e3e5e6",
  building: "#e9e8e4",
  building_edge: "#dcdbd5",
  landmark: "#e2dccf",
  park: "#d5e8d0",
  riverside: "#dfeeda",
  sport: "#cbe3cf",
  plaza: "#efe7d6",
  water: "#b9d7ec",
  street: "#ffffff",
  street_edge: "#d9dde1",
  avenue: "#fffdf6",
  avenue_edge: "#d0cec4",
  highway: "#fbe6b8",
  highway_edge: "#dcbc78",
  street_text: "#6b7480",
  place_text: "#4d5a69",
  green_text: "#4c7a4f",
  water_text: "#4a7ba3",
  halo: "#fbfbfa",
  grid: "#d3d9df",
  trail: "#5b6b86",
  track: "#3457d5",
  track_edge: "#ffffff",
  accuracy: "#3457d5",
  marker_edge: "#ffffff",
  marker_text: "#ffffff",
  chip: "#ffffff",
  chip_text: "#2b3643",
  chip_low: "#c3262e",
  chip_low_text: "#ffffff",
  gestor: { fresh: "#0f7a52", late: "#a86200", silent: "#c3262e", off: "#eef0f3" },
  gestor_text: { fresh: "#ffffff", late: "#ffffff", silent: "#ffffff", off: "#5c6672" },
  cases: {
    open: "#3d6fd9",
    revisit: "#d98a1f",
    promised: "#8a4fc7",
    resolved: "#2c9a68",
    unlocatable: "#7d6a58",
    escalated: "#cf3d45",
    cancelled: "#a7afb8",
  },
  contacts: {
    direct: "#0f7a52",
    third_party: "#3d6fd9",
    no_contact: "#a86200",
    not_locatable: "#7d6a58",
    blocked: "#c3262e",
    validation: "#6d45b8",
  },
  inside: "#0f7a52",
  outside: "#c3262e",
  inconclusive: "#a86200",
};

export const kDark: Palette = {
  land: "#11171e",
  block: "#171f28",
  block_edge: "#1d2731",
  building: "#1e2832",
  building_edge: "#27333f",
  landmark: "#2b2e33",
  park: "#18302a",
  riverside: "#172a27",
  sport: "#1a352b",
  plaza: "#262a2b",
  water: "#17344d",
  street: "#2a3541",
  street_edge: "#141b22",
  avenue: "#364352",
  avenue_edge: "#141b22",
  highway: "#5a4f37",
  highway_edge: "#1a1c1e",
  street_text: "#8d9aa9",
  place_text: "#b3c0cf",
  green_text: "#7fae86",
  water_text: "#6fa6d2",
  halo: "#11171e",
  grid: "#232e39",
  trail: "#8ea3c4",
  track: "#7d9bff",
  track_edge: "#0c1116",
  accuracy: "#7d9bff",
  marker_edge: "#0c1116",
  marker_text: "#06120c",
  chip: "#0c1116",
  chip_text: "#d5dee8",
  chip_low: "#ff7b7b",
  chip_low_text: "#2b0507",
  gestor: { fresh: "#3ecf8e", late: "#f2ae49", silent: "#ff7373", off: "#2a343f" },
  gestor_text: { fresh: "#04160d", late: "#1f1200", silent: "#2b0507", off: "#9aa7b5" },
  cases: {
    open: "#6c9bff",
    revisit: "#f0b055",
    promised: "#bd8cf2",
    resolved: "#47c48c",
    unlocatable: "#b09a84",
    escalated: "#ff7a80",
    cancelled: "#66717d",
  },
  contacts: {
    direct: "#3ecf8e",
    third_party: "#6c9bff",
    no_contact: "#f2ae49",
    not_locatable: "#b09a84",
    blocked: "#ff7373",
    validation: "#b794f4",
  },
  inside: "#3ecf8e",
  outside: "#ff7373",
  inconclusive: "#f2ae49",
};

export const palette_of = (dark: boolean): Palette => (dark ? kDark : kLight);
