// A made-up day for developing the console without the server: gestores stroll along the streets of a base
// map, knock on doors, and some go silent. Nothing here is measured; the real simulator is in tools/.
import { createHash } from "node:crypto";

const kSecond = 1000;
const kMinute = 60 * kSecond;
const kNames =
  "Alejandra Cruz,Benito Salas,Carmen Ortega,Daniel Rojas,Elena Ponce,Fabián Lara,Gabriela Núñez,Hugo Medina,Inés Carrillo,Jorge Peña,Karla Fuentes,Luis Ángel Mora,María José Vela,Norberto Gil,Olivia Sandoval,Pablo Ibarra,Queta Robles,Raúl Zamora,Silvia Montes,Tomás Arriaga,Úrsula Barrón,Víctor Cano,Wendy Trejo,Ximena Luna,Yolanda Rivas,Zacarías Nava".split(
    ",",
  );
const kOutcomes = [
  ["promise", "Promesa de pago", "Promise to pay", "Promessa de pagamento", "direct", "promised"],
  ["paid_full", "Pagó el total", "Paid in full", "Pagou o total", "direct", "resolved"],
  ["refuses", "Se niega a pagar", "Refuses to pay", "Recusa-se a pagar", "direct", "escalated"],
  ["notice_left", "Se dejó aviso cerrado", "Closed notice left", "Aviso fechado deixado", "third_party", "revisit"],
  ["nobody_in", "Nadie en casa", "Nobody in", "Ninguém em casa", "no_contact", "revisit"],
  ["nobody_in", "Nadie en casa", "Nobody in", "Ninguém em casa", "no_contact", "revisit"],
  ["moved", "Se mudó", "Moved away", "Mudou-se", "not_locatable", "unlocatable"],
  ["validation_positive", "Dictamen positivo", "Positive finding", "Parecer positivo", "validation", "resolved"],
];
const kMarks = [
  { code: "verdict_differs", detail: "inside → inconclusive" },
  { code: "mock_fix", detail: "1 / 4" },
  { code: "short_visit", detail: "1 min 12 s" },
  { code: "gate_refused", detail: "outside, 240 m" },
  { code: "fixes_of_other_time", detail: "1440 min" },
  { code: "outcome_incomplete", detail: "photo_missing" },
];

export class Dice {
  #state;
  constructor(seed) {
    this.#state = seed >>> 0;
  }
  next() {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }
  below(n) {
    return Math.floor(this.next() * n);
  }
  of(list) {
    return list[this.below(list.length)];
  }
}

const uuid = (name) => {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
export const sha256 = (name) => createHash("sha256").update(name).digest("hex");

function street_lines(town) {
  const lines = [];
  for (const { properties, geometry } of town?.features ?? []) {
    if (properties.kind !== "street") continue;
    lines.push(...(geometry.type === "MultiLineString" ? geometry.coordinates : [geometry.coordinates]));
  }
  if (lines.length > 0) return lines.filter((line) => line.length > 1);
  return Array.from({ length: 30 }, (_, i) => {
    const lat = 20.58 + i * 0.001;
    return Array.from({ length: 40 }, (_, k) => [-101.64 + k * 0.001, lat]);
  });
}

export class Day {
  constructor(town, { gestores = 40, cases = 600, seed = 7 } = {}) {
    this.dice = new Dice(seed);
    this.lines = street_lines(town);
    this.started_ms = Date.now() - 5 * 60 * kMinute;
    this.gestores = Array.from({ length: gestores }, (_, i) => this.#gestor(i));
    this.cases = Array.from({ length: cases }, (_, i) => this.#case(i));
    this.visits = [];
    for (let at = this.started_ms; at < Date.now(); at += 20 * kSecond) this.#step(at, 20, null);
  }

  #gestor(i) {
    const shift = this.started_ms + this.dice.below(40) * kMinute;
    const line = this.dice.of(this.lines);
    return {
      id: uuid(`gestor ${i}`),
      name: kNames[i % kNames.length] + (i >= kNames.length ? ` ${kNames[(i * 7) % kNames.length].split(" ").at(-1)}` : ""),
      habit: i % 13 === 4 ? "silent" : i % 11 === 5 ? "late" : i % 9 === 8 ? "off" : "fresh",
      shift: { started_at_ms: shift, ended_at_ms: i % 9 === 8 ? Date.now() - 40 * kMinute : null },
      line,
      along: this.dice.below(line.length - 1),
      share: 0,
      percent: 100 - this.dice.below(14) - (i % 10 === 2 ? 52 : 0),
      drain: 4 + this.dice.next() * 5,
      points: [],
      battery: [],
      travelled_m: 0,
      rest_until_ms: 0,
    };
  }

  #case(i) {
    const line = this.dice.of(this.lines);
    const [lon, lat] = this.dice.of(line);
    const validation = this.dice.next() < 0.3;
    return {
      id: uuid(`case ${i}`),
      key: `${validation ? "SOL" : "CR"}-${String(104500 + i * 37)}`,
      purpose: validation ? "validation" : "collection",
      state: "open",
      party: { name: `${this.dice.of(kNames).split(" ")[0]} ${this.dice.of(kNames).split(" ").at(-1)} ${this.dice.of(kNames).split(" ").at(-1)}` },
      place: {
        kind: this.dice.of(["home", "home", "business", "workplace"]),
        address: `Calle ${this.dice.of(["Jacarandas", "Morelos", "5 de Mayo", "Hidalgo"])} ${100 + this.dice.below(800)}, Col. ${this.dice.of(["Centro", "La Huerta", "Obrera"])}`,
        reference: this.dice.of(["Portón verde, frente a la tienda", "Casa de dos pisos", ""]),
        lat: lat + (this.dice.next() - 0.5) * 4e-4,
        lon: lon + (this.dice.next() - 0.5) * 4e-4,
        radius_m: this.dice.of([50, 50, 80]),
      },
      due_at_ms: this.started_ms + (this.dice.below(9) - 2) * 24 * 60 * kMinute,
      gestor: this.dice.next() < 0.08 ? null : this.dice.of(this.gestores),
      last_visit_at_ms: null,
      revision: 1,
    };
  }

  now() {
    return Date.now();
  }

  /** Moves everybody; `tell` gets the live events, or is null while the morning is made up. */
  #step(at_ms, seconds, tell) {
    for (const gestor of this.gestores) {
      if (at_ms < gestor.shift.started_at_ms || (gestor.shift.ended_at_ms ?? Infinity) < at_ms) continue;
      if (gestor.habit === "silent" && at_ms > Date.now() - 50 * kMinute) continue;
      if (gestor.habit === "late" && at_ms > Date.now() - 24 * kMinute) continue;
      if (at_ms > gestor.rest_until_ms) this.#walk(gestor, at_ms, seconds);
      gestor.percent = Math.max(3, gestor.percent - (gestor.drain * seconds) / 3600);
      gestor.battery.push([at_ms, Math.round(gestor.percent)]);
      // Phones report now and then, not all at once.
      if (tell && this.dice.next() < 0.3) tell({ type: "position", gestor_id: gestor.id, position: this.position(gestor), battery: this.battery(gestor), now_ms: Date.now(), state: "fresh", lacking: null });
      if (at_ms > gestor.rest_until_ms && this.dice.next() < seconds / (17 * 60)) this.#visit(gestor, at_ms, tell);
    }
  }

  #walk(gestor, at_ms, seconds) {
    let metres = seconds * 1.1;
    while (metres > 0) {
      const from = gestor.line[gestor.along];
      const to = gestor.line[gestor.along + 1];
      if (!to) {
        this.#turn(gestor);
        continue;
      }
      const length = Math.hypot((to[0] - from[0]) * 104000, (to[1] - from[1]) * 111000) || 1;
      const left = length * (1 - gestor.share);
      const stride = Math.min(left, metres);
      gestor.share += stride / length;
      gestor.travelled_m += stride;
      metres -= stride;
      gestor.bearing = (Math.atan2((to[0] - from[0]) * 104000, (to[1] - from[1]) * 111000) * 180) / Math.PI;
      if (gestor.share >= 0.999) {
        gestor.along++;
        gestor.share = 0;
        if (this.dice.next() < 0.25) gestor.line = gestor.line.slice(0, gestor.along + 1);
      }
    }
    const from = gestor.line[gestor.along];
    const to = gestor.line[gestor.along + 1] ?? from;
    const lon = from[0] + (to[0] - from[0]) * gestor.share + (this.dice.next() - 0.5) * 6e-5;
    const lat = from[1] + (to[1] - from[1]) * gestor.share + (this.dice.next() - 0.5) * 6e-5;
    gestor.points.push([lon, lat, at_ms, 5 + this.dice.below(22)]);
  }

  /** Goes on along a street that passes the end of this one, in either direction, or back where there is none. */
  #turn(gestor) {
    const end = gestor.line.at(-1);
    const here = (point) => Math.abs(point[0] - end[0]) + Math.abs(point[1] - end[1]) < 3e-4;
    const crossing = this.lines.filter((line) => line !== gestor.line && line.some(here));
    const line = crossing.length ? this.dice.of(crossing) : [...gestor.line].reverse();
    const at = Math.max(0, line.findIndex(here));
    const back = at > 0 && (at === line.length - 1 || this.dice.next() < 0.5);
    gestor.line = back ? line.slice(0, at + 1).reverse() : line.slice(at);
    gestor.along = 0;
    gestor.share = 0;
  }

  #visit(gestor, at_ms, tell) {
    const item = this.dice.of(this.cases.filter((one) => one.gestor === gestor)) ?? this.dice.of(this.cases);
    const [code, label_es, label_en, label_pt, contact, becomes] = this.dice.of(kOutcomes);
    const minutes = contact === "direct" ? 9 : 3;
    gestor.rest_until_ms = at_ms + minutes * kMinute;
    item.state = becomes;
    item.last_visit_at_ms = at_ms;
    const lucky = this.dice.next();
    const visit = {
      id: uuid(`visit ${this.visits.length}`),
      item,
      gestor,
      outcome: { code, label_es, label_en, label_pt, contact },
      arrived_at_ms: at_ms - minutes * kMinute,
      finished_at_ms: at_ms,
      received_at_ms: at_ms + this.dice.below(500) * kSecond,
      verdict: lucky < 0.86 ? verdict("inside", 0.97, 14, 9) : lucky < 0.94 ? verdict("inconclusive", 0.55, 41, 38) : verdict("outside", 0.02, 310, 12),
      marks: this.dice.next() < 0.12 ? [this.dice.of(kMarks)] : [],
      photos: contact === "no_contact" || contact === "validation" ? 1 + this.dice.below(3) : 0,
    };
    this.visits.unshift(visit);
    if (tell) {
      tell({ type: "visit", visit: this.visit_summary(visit) });
      tell({ type: "case", id: item.id, state: item.state });
    }
  }

  tick(seconds, tell) {
    this.#step(Date.now(), seconds, tell);
  }

  position(gestor) {
    const last = gestor.points.at(-1);
    if (!last) return null;
    const [lon, lat, at_ms, accuracy_m] = last;
    return { lat, lon, accuracy_m, at_ms, speed_mps: 1.6, bearing_deg: ((gestor.bearing ?? 0) + 360) % 360 };
  }

  battery(gestor) {
    const last = gestor.battery.at(-1);
    return last ? { percent: last[1], charging: false, at_ms: last[0] } : null;
  }

  gestor_row(gestor) {
    const position = this.position(gestor);
    return {
      id: gestor.id,
      name: gestor.name,
      state: gestor.habit,
      lacking: gestor.habit === "late" || gestor.habit === "silent" ? "contact" : null,
      shift: gestor.shift,
      position,
      battery: this.battery(gestor),
      last_sync_at_ms: position?.at_ms ?? null,
      visits_today: this.visits.filter((visit) => visit.gestor === gestor).length,
      open_cases: this.cases.filter((item) => item.gestor === gestor && item.state === "open").length,
    };
  }

  case_row({ gestor, ...item }) {
    return { ...item, gestor_id: gestor?.id ?? null, gestor_name: gestor?.name ?? null };
  }

  visit_summary(visit) {
    const { item, gestor, photos, ...rest } = visit;
    return {
      ...rest,
      case_id: item.id,
      case_key: item.key,
      party_name: item.party.name,
      address: item.place.address,
      gestor_id: gestor.id,
      gestor_name: gestor.name,
      purpose: item.purpose,
      evidence: { total: photos, received: Math.max(0, photos - (visit.received_at_ms > Date.now() - 5 * kMinute ? 1 : 0)) },
      lat: item.place.lat + 1e-4,
      lon: item.place.lon + 5e-5,
    };
  }

  visit_detail(visit) {
    const { place } = visit.item;
    const at = { lat: place.lat + 1.1e-4, lon: place.lon - 6e-5 };
    const full = { ...visit.verdict, reason: visit.verdict.answer === "inside" ? "inside" : visit.verdict.answer === "outside" ? "outside" : "wait_better_fix", position: at, text: "" };
    const differs = visit.marks.some((mark) => mark.code === "verdict_differs");
    // The first two photos are one, as when a gestor answers two questions with the same picture.
    const photo = (i) => sha256(`${visit.id} ${Math.max(0, i - 1)}`);
    return {
      ...this.visit_summary(visit),
      platform: "android",
      battery_percent: 63,
      form: { id: "cobranza", version: "2026.1", title: "Visita de cobranza" },
      answers: [
        { path: "persona/quien", group_label: "Quién atendió", label: "¿Quién atendió?", type: "select_one", value: "holder", display: "Titular", media_sha256: null },
        { path: "persona/ident", group_label: "Quién atendió", label: "¿Mostró identificación?", type: "select_one", value: "yes", display: "Sí, coincide con el nombre del caso", media_sha256: null },
        { path: "gestion/motivo", group_label: "Gestión", label: "Motivo del atraso", type: "select_multiple", value: "job illness", display: "Perdió el empleo, Enfermedad", media_sha256: null },
        { path: "gestion/voluntad", group_label: "Gestión", label: "Disposición a pagar", type: "select_one", value: "high", display: "Alta", media_sha256: null },
        { path: "gestion/monto", group_label: "Gestión", label: "Monto que se informó", type: "decimal", value: "4350.50", display: "4,350.50", media_sha256: null },
        { path: "obs", group_label: null, label: "Observaciones del gestor", type: "text", value: "x", display: "Vive con su mamá. Pide que se le llame después de las seis, cuando sale de trabajar.", media_sha256: null },
        ...Array.from({ length: visit.photos }, (_, i) => ({ path: `fotos/f${i}`, group_label: "Fotos", label: ["Fachada y número", "Calle", "Comprobante de domicilio"][i], type: "image", value: photo(i), display: "", media_sha256: photo(i) })),
      ],
      outcome_detail: {
        promise: visit.outcome.code === "promise" ? { amount: 435050, date: "2026-11-28", means: "transfer" } : null,
        payment: visit.outcome.code === "paid_full" ? { amount: 435050, method: "cash", receipt: "A-2231" } : null,
        note: "",
      },
      place: { ...place },
      verdict: full,
      server_verdict: differs ? { ...full, answer: "inconclusive", reason: "move_closer", probability: 0.48, distance_m: 43 } : full,
      fixes: Array.from({ length: 4 }, (_, i) => ({ lat: at.lat + (i - 1.5) * 5e-5, lon: at.lon + ((i * 7) % 4 - 1.5) * 6e-5, accuracy_m: 8 + i * 5, at_ms: visit.arrived_at_ms - i * 5000, mock: visit.marks.some((mark) => mark.code === "mock_fix") && i === 1 })),
      evidence: Array.from({ length: visit.photos }, (_, i) => ({ sha256: photo(i), kind: "photo", question_path: `fotos/f${i}`, media_type: "image/svg+xml", size: 84213, state: i < this.visit_summary(visit).evidence.received ? "received" : "receiving", received_bytes: 40000 })),
    };
  }

  cancelled() {
    const kReasons = [
      ["Perro suelto en la entrada, no se puede pasar.", verdict("inside", 0.97, 6, 9)],
      ["Estoy en la esquina y la aplicación dice que no.", verdict("outside", 0.02, 240, 12)],
      ["La calle está cerrada por obras y hay que dar la vuelta por el libramiento; regreso mañana temprano.", null],
    ];
    return this.cases.slice(0, 6).map((item, i) => ({
      id: uuid(`cancelled ${i}`),
      case_id: item.id,
      case_key: item.key,
      party_name: item.party.name,
      address: item.place.address,
      gestor_id: this.gestores[i].id,
      gestor_name: this.gestores[i].name,
      arrived_at_ms: Date.now() - (i + 2) * 17 * kMinute,
      cancelled_at_ms: Date.now() - (i + 1) * 17 * kMinute,
      received_at_ms: Date.now() - i * 17 * kMinute,
      reason: kReasons[i % 3][0],
      verdict: kReasons[i % 3][1],
      gate_refused: i % 3 === 1,
    }));
  }

  quarantined() {
    return ["UnsupportedVersion", "Conflict"].map((code, i) => ({
      gestor_id: this.gestores[i].id,
      gestor_name: this.gestores[i].name,
      device_id: uuid(`phone ${i}`),
      device_name: ["Moto G84", "Galaxy A15"][i],
      epoch: 1,
      seq: 412 + i,
      kind: ["visit_finished", "track_chunk"][i],
      wall_ms: Date.now() - 95 * kMinute,
      received_at_ms: Date.now() - 40 * kMinute,
      size: 3120 + i,
      code,
    }));
  }

  summary() {
    const contacts = this.visits.filter((visit) => ["direct", "third_party", "validation"].includes(visit.outcome.contact)).length;
    const promises = this.visits.filter((visit) => visit.outcome.code === "promise").length;
    const first = new Date(this.started_ms - 360 * kMinute).getUTCHours();
    const by_hour = Array.from({ length: 6 }, (_, i) => {
      const of_hour = this.visits.filter((visit) => Math.floor((visit.finished_at_ms - this.started_ms) / (60 * kMinute)) === i);
      return { hour: (first + i) % 24, visits: of_hour.length, contacts: of_hour.filter((visit) => visit.outcome.contact === "direct").length };
    });
    return {
      visits: this.visits.length,
      cancelled: 6,
      contacts,
      right_party_contacts: Math.round(contacts * 0.7),
      promises,
      promised_cents: promises * 435050,
      gate_refusals: 2,
      travelled_m: this.gestores.reduce((sum, gestor) => sum + gestor.travelled_m, 0),
      gestores_on_shift: this.gestores.filter((gestor) => gestor.habit !== "off").length,
      by_outcome: [],
      by_hour,
      quarantined: 2,
    };
  }
}

const verdict = (answer, probability, distance_m, accuracy_m) => ({ answer, probability, distance_m, accuracy_m });
