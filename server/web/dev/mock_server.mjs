// A stand-in for the server while working on the console: a made-up day over the same API, with the same
// Content-Security-Policy, serving ./dist or behind `npm run dev`.
//
//   node dev/mock_server.mjs [--port 8790] [--town town.geojson] [--seconds-per-tick 20]
//
// `terreno_town --out town.geojson` makes a base map. Any login with the password "demo" enters.
import { createServer } from "node:http";
import { readFileSync, existsSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Day } from "./day.mjs";
import { Sockets } from "./websocket.mjs";

const { values: options } = parseArgs({
  options: { port: { type: "string", default: "8790" }, town: { type: "string" }, "seconds-per-tick": { type: "string", default: "20" } },
});
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const town = options.town ? JSON.parse(readFileSync(options.town, "utf8")) : null;
const day = new Day(town);
const sockets = new Sockets();
const tenant = { id: "0190a000-0000-7000-8000-000000000001", name: "Crédito Mina", currency: "MXN", utc_offset_minutes: -360 };
const user = { id: "0190a000-0000-7000-8000-000000000002", name: "Patricia Solís", login: "supervisora", role: "admin", tenant };
const users = [
  { id: user.id, name: user.name, login: user.login, role: "admin", active: true },
  ...day.gestores.map((gestor, i) => ({ id: gestor.id, name: gestor.name, login: `gestor${i + 1}`, role: "gestor", active: i !== 3 })),
];
const kSession = "terreno_session=mock";
const kCsp =
  "default-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const kTypes = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

const today = () => new Date(Date.now() + tenant.utc_offset_minutes * 60_000).toISOString().slice(0, 10);
const refuse = (status, code, message) => ({ status, body: { error: { code, message } } });

const feature = (geometry, properties) => ({ type: "Feature", properties, geometry });
const routes = [
  ["GET", /^\/api\/me$/, () => ({ user })],
  ["POST", /^\/api\/logout$/, () => ({ status: 204, cookie: "terreno_session=; Max-Age=0; Path=/" })],
  ["GET", /^\/api\/gestores$/, () => ({ now_ms: Date.now(), day: today(), gestores: day.gestores.map((one) => day.gestor_row(one)) })],
  ["GET", /^\/api\/gestores\/([^/]+)\/track$/, ({ id }) => {
    const { points, battery, travelled_m } = day.gestores.find((one) => one.id === id);
    return { gestor_id: id, day: today(), points, battery, travelled_m };
  }],
  ["GET", /^\/api\/trails$/, () => ({
    type: "FeatureCollection",
    features: day.gestores.map((one) => feature({ type: "LineString", coordinates: one.points.map(([lon, lat]) => [lon, lat]) }, { gestor_id: one.id, name: one.name, travelled_m: one.travelled_m })),
  })],
  ["GET", /^\/api\/map\/cases$/, () => ({
    type: "FeatureCollection",
    features: day.cases.map(({ id, key, state, purpose, place }) => feature({ type: "Point", coordinates: [place.lon, place.lat] }, { id, key, state, purpose })),
  })],
  ["GET", /^\/api\/basemap$/, () => town ?? refuse(404, "NotFound", "no base map")],
  ["GET", /^\/api\/summary$/, () => day.summary()],
  ["GET", /^\/api\/cases$/, ({ query }) => {
    const text = (query.get("text") ?? "").toLowerCase();
    const found = day.cases.filter(
      (one) =>
        (!query.get("state") || one.state === query.get("state")) &&
        (!query.get("gestor_id") || one.gestor?.id === query.get("gestor_id")) &&
        `${one.key} ${one.party.name} ${one.place.address}`.toLowerCase().includes(text),
    );
    return { total: found.length, cases: page(found, query).map((one) => day.case_row(one)) };
  }],
  ["GET", /^\/api\/cases\/([^/]+)$/, ({ id }) => {
    const item = day.cases.find((one) => one.id === id);
    const visits = day.visits.filter((visit) => visit.item === item).map((visit) => day.visit_summary(visit));
    return { ...day.case_row(item), phone: "461 555 0182", data: { balance: "4350.50", days_past_due: "47", product: "Crédito personal" }, visits };
  }],
  ["POST", /^\/api\/cases\/([^/]+)\/assign$/, ({ id, body }) => {
    const item = day.cases.find((one) => one.id === id);
    item.gestor = day.gestores.find((one) => one.id === JSON.parse(body).gestor_id);
    return day.case_row(item);
  }],
  ["POST", /^\/api\/cases\/import$/, ({ query }) => {
    const errors = [
      { line: 3, column: "lat", reason: "«20,58x» no es un número" },
      { line: 7, column: "gestor", reason: "no hay un gestor con usuario «pepe»" },
    ];
    if (query.get("skip_bad") === "1") return { added: 12, updated: 3, unchanged: 40, skipped: errors.length, error_count: errors.length, errors };
    return { status: 422, body: { error: { code: "ImportRejected", message: "bad lines" }, error_count: 2841, errors } };
  }],
  ["GET", /^\/api\/visits$/, ({ query }) => ({
    visits: page(day.visits.filter((visit) => (!query.get("gestor_id") || visit.gestor.id === query.get("gestor_id")) && (!query.get("day") || query.get("day") === today())), query).map((visit) => day.visit_summary(visit)),
  })],
  ["GET", /^\/api\/cancelled-visits$/, ({ query }) => ({ visits: page(query.get("day") === today() ? day.cancelled() : [], query) })],
  ["GET", /^\/api\/quarantine$/, () => ({ total: 2, entries: day.quarantined() })],
  ["GET", /^\/api\/visits\/([^/]+)$/, ({ id }) => day.visit_detail(day.visits.find((visit) => visit.id === id))],
  ["GET", /^\/api\/users$/, () => ({ users })],
  ["POST", /^\/api\/users$/, ({ body }) => {
    const added = { id: `0190a000-0000-7000-8000-${String(users.length).padStart(12, "0")}`, active: true, ...JSON.parse(body) };
    users.push(added);
    return { status: 201, body: added };
  }],
  ["POST", /^\/api\/users\/([^/]+)\/active$/, ({ id, body }) => {
    const one = users.find((other) => other.id === id);
    one.active = JSON.parse(body).active;
    return one;
  }],
  ["POST", /^\/api\/users\/([^/]+)\/password$/, () => ({ status: 204 })],
  ["POST", /^\/api\/users\/([^/]+)\/enrolment-code$/, () => ({ code: "K7QD-M2XF-9RTW", expires_in_s: 86_400 })],
];

function page(list, query) {
  const offset = Number(query.get("offset") ?? 0);
  return list.slice(offset, offset + Number(query.get("limit") ?? 100));
}

function answer_api(request, url, body) {
  if (request.method === "POST" && url.pathname === "/api/login") {
    const fine = JSON.parse(body).password === "demo";
    return fine ? { status: 200, body: { user }, cookie: `${kSession}; Path=/; HttpOnly` } : refuse(401, "Unauthenticated", "no");
  }
  if (!request.headers.cookie?.includes(kSession)) return refuse(401, "Unauthenticated", "no session");
  if (request.method === "POST" && request.headers["x-terreno"] !== "1") return refuse(403, "Forbidden", "X-Terreno is missing");
  for (const [method, pattern, handle] of routes) {
    const match = method === request.method && pattern.exec(url.pathname);
    if (match) return handle({ id: match[1], query: url.searchParams, body });
  }
  return refuse(404, "NotFound", "no such route");
}

function send_photo(response) {
  const hue = Math.floor(Math.random() * 360);
  response.setHeader("content-type", "image/svg+xml");
  response.end(`<svg xmlns="http://www.w3.org/2000/svg" width="960" height="720"><rect width="960" height="720" fill="hsl(${hue} 25% 62%)"/><rect x="280" y="240" width="400" height="480" fill="hsl(${hue} 30% 42%)"/><rect x="420" y="440" width="120" height="280" fill="#3a2d25"/><text x="620" y="320" font-size="64" fill="#fff">214</text></svg>`);
}

function send_static(url, response) {
  const wanted = join(dist, normalize(url.pathname));
  const file = extname(wanted) && existsSync(wanted) ? wanted : join(dist, "index.html");
  response.setHeader("content-security-policy", kCsp);
  response.setHeader("content-type", kTypes[extname(file)] ?? "application/octet-stream");
  response.end(existsSync(file) ? readFileSync(file) : "npm run build first");
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://mock");
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
    if (url.pathname.startsWith("/api/evidence/")) return send_photo(response);
    if (!url.pathname.startsWith("/api/")) return send_static(url, response);
    const answer = answer_api(request, url, Buffer.concat(chunks).toString());
    if (answer.cookie) response.setHeader("set-cookie", answer.cookie);
    response.statusCode = answer.status ?? 200;
    response.setHeader("content-type", "application/json");
    const body = "status" in answer ? answer.body : answer;
    response.end(body === undefined ? "" : JSON.stringify(body));
  });
});
server.on("upgrade", (request, socket) => sockets.accept(request, socket));
server.listen(Number(options.port), "127.0.0.1", () => console.log(`mock server on http://127.0.0.1:${options.port}`));

setInterval(() => day.tick(Number(options["seconds-per-tick"]), (event) => sockets.send(event)), 2500);
setInterval(() => sockets.send({ type: "tick", now_ms: Date.now() }), 10_000);
