import type { Map as MapLibre, StyleImageInterface } from "maplibre-gl";
import type { GestorState } from "../types";
import type { Palette } from "./palette";

// Markers are drawn on a canvas: each state of a gestor has a shape of its own, so that nobody has to tell
// them apart by colour.

const kRatio = 2;

type Draw = (context: CanvasRenderingContext2D, size: number) => void;

function image(size: number, draw: Draw): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * kRatio;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("the browser gives no 2D canvas");
  context.scale(kRatio, kRatio);
  draw(context, size);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function polygon(context: CanvasRenderingContext2D, centre: number, radius: number, sides: number, turn: number): void {
  context.beginPath();
  for (let i = 0; i < sides; i++) {
    const angle = turn + (i * 2 * Math.PI) / sides;
    context.lineTo(centre + radius * Math.cos(angle), centre + radius * Math.sin(angle));
  }
  context.closePath();
}

/** The outline of a state's marker: circle, rounded square, octagon; off is a small ring. */
function outline(context: CanvasRenderingContext2D, state: GestorState, size: number, radius: number): void {
  const centre = size / 2;
  if (state === "late") {
    context.beginPath();
    const half = radius * 0.9;
    context.roundRect(centre - half, centre - half, half * 2, half * 2, 5);
  } else if (state === "silent") {
    polygon(context, centre, radius * 1.1, 8, Math.PI / 8);
  } else {
    context.beginPath();
    context.arc(centre, centre, radius, 0, 2 * Math.PI);
  }
}

function marker(p: Palette, state: GestorState): ImageData {
  return image(40, (context, size) => {
    const radius = state === "off" ? 11 : 14;
    context.shadowColor = "rgba(10, 20, 30, 0.35)";
    context.shadowBlur = 4 * kRatio;
    context.shadowOffsetY = 1 * kRatio;
    outline(context, state, size, radius + 2);
    context.fillStyle = p.marker_edge;
    context.fill();
    context.shadowColor = "transparent";
    outline(context, state, size, radius);
    context.fillStyle = p.gestor[state];
    context.fill();
    if (state === "off") {
      context.strokeStyle = p.gestor_text.off;
      context.lineWidth = 1.5;
      context.stroke();
    }
  });
}

function halo(color: string): ImageData {
  return image(64, (context, size) => {
    const centre = size / 2;
    const gradient = context.createRadialGradient(centre, centre, 12, centre, centre, 31);
    gradient.addColorStop(0, `${color}aa`);
    gradient.addColorStop(0.6, `${color}44`);
    gradient.addColorStop(1, `${color}00`);
    context.fillStyle = gradient;
    context.fillRect(0, 0, size, size);
  });
}

/** A small wedge above the marker; the layer turns it to where the gestor is heading. */
function heading(p: Palette, state: GestorState): ImageData {
  return image(56, (context, size) => {
    const centre = size / 2;
    context.beginPath();
    context.moveTo(centre, 2);
    context.lineTo(centre + 7, 13);
    context.lineTo(centre - 7, 13);
    context.closePath();
    context.fillStyle = p.gestor[state];
    context.strokeStyle = p.marker_edge;
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.stroke();
    context.fill();
  });
}

function arrow(p: Palette): ImageData {
  return image(14, (context) => {
    context.beginPath();
    context.moveTo(5, 3.5);
    context.lineTo(9, 7);
    context.lineTo(5, 10.5);
    context.strokeStyle = p.track_edge;
    context.lineWidth = 2.2;
    context.lineCap = context.lineJoin = "round";
    context.stroke();
  });
}

function chip(fill: string, edge: string): ImageData {
  return image(24, (context, size) => {
    context.beginPath();
    context.roundRect(1, 5, size - 2, size - 10, 5);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = edge;
    context.lineWidth = 1;
    context.stroke();
  });
}

const kChipFit: Partial<StyleImageInterface> & Record<string, unknown> = {
  stretchX: [[8 * kRatio, 16 * kRatio]],
  stretchY: [[11 * kRatio, 13 * kRatio]],
  content: [4 * kRatio, 6 * kRatio, 20 * kRatio, 18 * kRatio],
};

function stop(fill: string, edge: string): ImageData {
  return image(22, (context, size) => {
    context.beginPath();
    context.roundRect(2, 2, size - 4, size - 4, 6);
    context.fillStyle = edge;
    context.fill();
    context.beginPath();
    context.roundRect(4, 4, size - 8, size - 8, 4);
    context.fillStyle = fill;
    context.fill();
  });
}

/** A diamond centred on the place, so that nothing of it covers what lies beside. */
function pin(fill: string, edge: string): ImageData {
  return image(20, (context, size) => {
    for (const [color, radius] of [
      [edge, 9.5],
      [fill, 7],
      [edge, 2.2],
    ] as const) {
      polygon(context, size / 2, radius, 4, 0);
      context.fillStyle = color;
      context.fill();
    }
  });
}

export function draw_icons(map: MapLibre, p: Palette): void {
  const put = (name: string, data: ImageData, options: Record<string, unknown> = {}): void => {
    if (map.hasImage(name)) map.updateImage(name, data);
    else map.addImage(name, data, { pixelRatio: kRatio, ...options });
  };
  for (const state of ["fresh", "late", "silent", "off"] as const) {
    put(`gestor-${state}`, marker(p, state));
    put(`heading-${state}`, heading(p, state));
  }
  put("halo-silent", halo(p.gestor.silent));
  put("halo-selected", halo(p.track));
  put("arrow", arrow(p));
  put("chip", chip(p.chip, p.block_edge), kChipFit);
  put("chip-low", chip(p.chip_low, p.marker_edge), kChipFit);
  for (const [contact, color] of Object.entries(p.contacts)) put(`stop-${contact}`, stop(color, p.marker_edge));
  put("pin", pin(p.track, p.marker_edge));
}
