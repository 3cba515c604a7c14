// What a supervisor does in the first minutes of a day, as steps that build on each other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { accessibility_findings, open_page } from "./browser.mjs";

const kBriefForm = `<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>Visita breve</h:title><model><instance><data id="breve" version="1"><name/></data></instance>
<bind nodeset="/data/name" type="string"/></model></h:head>
<h:body><input ref="/data/name"><label>Nombre</label></input></h:body></h:html>`;

/** Waits for a condition in the page; polled by time, since a page that draws slowly has few frames. */
const until = (page, condition, argument, timeout) =>
  page.waitForFunction(condition, argument, { polling: 250, ...(timeout ? { timeout } : {}) });

async function enter({ page, login, password }) {
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", password);
  await page.click("button[type=submit]");
}

async function ask_for_login({ page, url, accessible }) {
  await page.goto(`${url}/visits`);
  await page.waitForSelector("input[name=password]");
  assert.equal(await page.getAttribute("html", "lang"), "es-MX");
  assert.equal(await page.evaluate(() => fetch("/api/gestores").then((answer) => answer.status)), 401);
  await accessible("the login");
}

async function refuse_a_wrong_password(run) {
  await enter({ ...run, password: "not the password" });
  const message = await run.page.textContent("[role=alert]");
  assert.match(message, /usuario o la contraseña no son correctos/);
  assert.equal(await run.page.inputValue("input[name=password]"), "");
}

async function log_in(run) {
  await enter(run);
  await run.page.waitForSelector("tr[data-visit], .empty");
  await run.page.waitForSelector('[data-connection="online"]');
}

async function show_the_map({ page, accessible, min_moved }) {
  await page.click('nav a[href="/"]');
  await until(page, (least) => (window.terreno.drawn("gestores")?.count ?? 0) >= least, min_moved);
  await until(page, () => (window.terreno.drawn("street")?.count ?? 0) > 0);
  await until(page, () => (window.terreno.drawn("cases")?.count ?? 0) > 0);
  const rows = await page.locator("button[data-gestor]").count();
  const figures = await page.locator("[data-kpi=visits] strong").textContent();
  assert.ok(rows >= min_moved, `${rows} gestores in the list`);
  // What 'silent' means stands beside the sign: no contact, or no position.
  assert.match(await page.getAttribute(".legend [data-state=silent]", "title"), /no se comunica o no manda su ubicación/);
  await accessible("the map");
  return `${rows} gestores, ${figures} visits so far`;
}

async function see_gestores_move({ page, min_moved, wait_ms }) {
  const before = await page.evaluate(() => window.terreno.positions());
  await until(
    page,
    ([first, least]) => {
      const now = window.terreno.positions();
      return Object.keys(now).filter((id) => first[id] && (now[id][0] !== first[id][0] || now[id][1] !== first[id][1])).length >= least;
    },
    [before, min_moved],
    wait_ms,
  );
  return `at least ${min_moved} moved`;
}

/** Somebody online who has something to show: the one with most visits today. */
const busiest_gestor = (page) =>
  page.evaluate(async () => {
    const { gestores } = await (await fetch("/api/gestores")).json();
    const online = gestores.filter(({ state, position }) => state === "fresh" && position);
    return online.sort((a, b) => b.visits_today - a.visits_today)[0].id;
  });

async function select_a_gestor({ page, accessible }) {
  const id = await busiest_gestor(page);
  const row = page.locator(`button[data-gestor="${id}"]`);
  await row.click();
  await page.waitForSelector("[data-panel=gestor]");
  assert.match(page.url(), new RegExp(`gestor=${id}`));
  await until(page, (wanted) => {
    const view = window.terreno.view();
    const position = window.terreno.positions()[wanted];
    return view.zoom > 14.5 && Math.hypot(view.lon - position[0], view.lat - position[1]) < 0.01;
  }, id);
  await until(page, () => (window.terreno.drawn("track")?.count ?? 0) > 0 && (window.terreno.drawn("accuracy")?.count ?? 0) > 0);
  await page.waitForSelector("[data-panel=gestor] figure svg");
  await accessible("the gestor's panel");
}

async function take_the_screenshot({ page, screenshot }) {
  if (!screenshot) return "no path given";
  // Who was flown to has walked on meanwhile.
  await page.locator("[data-panel=gestor] header button").first().click();
  // On a busy machine the map may never come to rest between two positions: then the picture is taken as it is.
  await until(page, () => window.terreno.drawn("street-name")?.idle === true, null, 20_000).catch(() => {});
  // As a supervisor sees it: the list from its top, nothing under the mouse.
  await page.locator(".list .scroll").evaluate((list) => list.scrollTo(0, 0));
  await page.mouse.move(720, 2);
  await page.screenshot({ path: screenshot, timeout: 120_000 });
  return screenshot;
}

async function see_a_visit_arrive({ page, wait_ms, accessible }) {
  await page.click('nav a[href="/visits"]');
  await page.waitForSelector("tr[data-visit], .empty");
  const known = await page.evaluate(() => window.terreno.arrived());
  await until(page, (before) => window.terreno.arrived().some((id) => !before.includes(id)), known, wait_ms);
  const id = await page.evaluate((before) => window.terreno.arrived().find((one) => !before.includes(one)), known);
  // Visits made without network arrive late and may belong further down: by its address it opens all the same.
  const on_screen = await page.locator(`tr[data-visit="${id}"]`).count();
  await accessible("the visits");
  if (on_screen > 0) await page.click(`tr[data-visit="${id}"] a`);
  else await page.goto(new URL(`/visits/${id}`, page.url()).href);
  return on_screen > 0 ? "on top of the table without a reload" : "further down the table";
}

async function read_the_visit({ page, accessible }) {
  await page.waitForSelector("[data-answers] [data-answer]");
  const answers = await page.locator("[data-answer]").count();
  await until(page, () => (window.terreno.drawn("fence")?.count ?? 0) > 0 && (window.terreno.drawn("pin")?.count ?? 0) > 0);
  const verdicts = await page.locator(".sides .tag").allTextContents();
  assert.equal(verdicts.length, 2, "the phone's verdict and the server's");
  await accessible("the visit");
  return `${answers} answers; phone '${verdicts[0].trim()}', server '${verdicts[1].trim()}'`;
}

async function look_at_a_photo({ page }) {
  const id = await page.evaluate(async () => {
    const { visits } = await (await fetch("/api/visits?limit=500")).json();
    return visits.find((visit) => visit.evidence.received > 0)?.id ?? null;
  });
  if (id === null) return "no photo has arrived yet";
  await page.goto(new URL(`/visits/${id}`, page.url()).href);
  await page.waitForSelector("[data-photo] img");
  await page.locator("[data-photo]").first().scrollIntoViewIfNeeded();
  await until(page, () => document.querySelector("[data-photo] img").naturalWidth > 0);
  await page.locator("[data-photo]").first().click();
  await page.waitForSelector("dialog[open] figure img");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  return "opened large and closed by keyboard";
}

/** The same photo given as the answer of two questions, as a gestor in a hurry does. */
async function look_at_a_photo_used_twice({ page }) {
  if ((await page.locator("[data-photo]").count()) === 0) return "no photo has arrived yet";
  const pattern = /\/api\/visits\/[0-9a-f-]{36}/;
  await page.route(pattern, async (route) => {
    const response = await route.fetch();
    const visit = await response.json();
    const photo = visit.evidence.find((file) => file.state === "received" && file.media_type.startsWith("image/"));
    visit.evidence.push({ ...photo, question_path: "another/question" });
    await route.fulfill({ response, json: visit });
  });
  await page.reload();
  await page.waitForSelector("[data-photo] img");
  const photos = await page.locator("[data-photo]").count();
  assert.ok(photos >= 2, "the photo stands at both questions");
  await page.locator("[data-photo]").last().click();
  const place = () => page.textContent("dialog[open] figcaption .num");
  await page.waitForSelector("dialog[open] figure img");
  assert.match(await place(), new RegExp(`^${photos} `));
  await page.keyboard.press("ArrowRight");
  assert.match(await place(), /^1 /);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await page.unroute(pattern);
}

async function look_at_what_was_given_up({ page, accessible }) {
  await page.click('nav a[href="/visits"]');
  await page.click('[data-list="cancelled"]');
  await page.waitForSelector("tr[data-cancelled], .empty");
  await accessible("the visits given up");
  const given_up = await page.locator("tr[data-cancelled]").count();
  await page.click('[data-list="quarantine"]');
  await page.waitForSelector("tr[data-quarantined], .empty");
  await accessible("the quarantine");
  return `${given_up} given up, ${await page.locator("tr[data-quarantined]").count()} in quarantine`;
}

async function choose(page, menu, choice) {
  await page.locator(".tools .opener").nth(menu).click();
  await page.click(choice);
}

async function speak_three_languages({ page }) {
  for (const [code, visits] of [
    ["en", "Visits"],
    ["pt", "Visitas"],
    ["es", "Visitas"],
  ]) {
    await choose(page, 1, `[data-language="${code}"]`);
    await until(page, (wanted) => document.documentElement.lang.startsWith(wanted), code);
    assert.equal((await page.textContent('nav a[href="/visits"] span')).trim(), visits);
  }
}

async function turn_dark_and_back({ page, accessible }) {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await choose(page, 0, '[data-theme-choice="light"]');
  const light = await ground();
  await choose(page, 0, '[data-theme-choice="dark"]');
  assert.notEqual(await ground(), light);
  await accessible("the visit in the dark");
  await page.click('nav a[href="/"]');
  await until(page, () => (window.terreno.drawn("gestores")?.count ?? 0) > 0);
  await accessible("the map in the dark");
  await choose(page, 0, '[data-theme-choice="light"]');
  assert.equal(await ground(), light);
}

async function search_the_cases({ page, accessible }) {
  await page.click('nav a[href="/cases"]');
  await page.waitForSelector("tr[data-case]");
  const key = (await page.locator("tr[data-case] .key").nth(3).textContent()).trim();
  await page.fill("input[type=search]", key);
  await until(page, (wanted) => {
    const keys = [...document.querySelectorAll("tr[data-case] .key")];
    return keys.length > 0 && keys.length < 20 && keys.some((one) => one.textContent.trim() === wanted);
  }, key);
  await page.locator("tr[data-case] a").first().click();
  await page.waitForSelector("[data-panel=case] .facts");
  await accessible("the cases");
  await page.keyboard.press("Escape");
  await page.waitForSelector("[data-panel=case]", { state: "detached" });
  return key;
}

async function refuse_a_bad_file({ page, accessible }) {
  const total = () => page.evaluate(async () => (await (await fetch("/api/cases?limit=1")).json()).total);
  const before = await total();
  await page.click("[data-import]");
  const csv = "key,purpose,party_name,address,lat,lon\nX-1,collection,Ana,Calle 1,not a number,-101\n";
  await page.setInputFiles("dialog input[type=file]", { name: "casos.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.locator("dialog footer .primary").click();
  await page.waitForSelector("dialog .problems tbody tr");
  const problems = await page.locator("dialog .problems tbody tr").count();
  await accessible("the import");
  await page.keyboard.press("Escape");
  assert.equal(await total(), before, "nothing may be imported");
  return `${problems} problems shown, nothing imported`;
}

async function export_the_answers({ page, accessible }) {
  await page.click('nav a[href="/forms"]');
  await page.waitForSelector("[data-form] [data-export]");
  await accessible("the forms");
  assert.equal(await page.locator("[data-upload]").count(), 0, "a supervisor uploads nothing");
  const sizes = [];
  for (const format of ["xlsx", "csv"]) {
    const saving = page.waitForEvent("download");
    await page.locator(`[data-format=${format}]`).first().click();
    const path = await (await saving).path();
    const bytes = readFileSync(path);
    const head = format === "xlsx" ? "PK" : "\uFEFFvisit_id,case_key,gestor,";
    assert.ok(bytes.toString("utf8", 0, 60).startsWith(head), `the ${format} is one`);
    sizes.push(`${format} ${bytes.length} bytes`);
  }
  return sizes.join(", ");
}

async function bring_a_form({ browser, url }) {
  const { page, context, troubles } = await open_page(browser);
  await page.goto(`${url}/forms`);
  await enter({ page, login: process.env.TERRENO_ADMIN ?? "admin", password: process.env.TERRENO_PASSWORD });
  await page.waitForSelector("[data-form]");
  const forms = () => page.evaluate(async () => (await fetch("/api/forms")).text());
  const before = JSON.parse(await forms()).forms.map((form) => [form.id, form.versions.length]);
  await page.click("[data-upload]");
  const send = async (name, text) => {
    await page.setInputFiles("dialog input[type=file]", { name, mimeType: "text/xml", buffer: Buffer.from(text) });
    await page.locator("dialog footer .primary").click();
  };
  await send("malo.xml", "<h:html><broken></h:html>");
  await page.waitForSelector("dialog [data-issue=error]");
  assert.deepEqual(await accessibility_findings(page), []);
  assert.deepEqual(JSON.parse(await forms()).forms.map((form) => [form.id, form.versions.length]), before, "nothing is stored");
  await send("breve.xml", kBriefForm);
  await page.waitForSelector("dialog [role=status]");
  await page.keyboard.press("Escape");
  await page.waitForSelector('[data-form="breve"]');
  await page.selectOption('[data-use="validation_business"]', "breve");
  await page.waitForSelector(".page-body [role=status]");
  const uses = JSON.parse(await forms()).uses;
  assert.equal(uses.find((use) => use.use === "validation_business").form_id, "breve");
  await page.selectOption('[data-use="validation_business"]', "validacion_negocio");
  await until(page, async () =>
    (await (await fetch("/api/forms")).json()).uses.some((use) => use.form_id === "validacion_negocio"));
  assert.deepEqual(troubles, []);
  await context.close();
}

async function give_out_a_code({ page, accessible }) {
  await page.click('nav a[href="/users"]');
  await page.waitForSelector("td.name");
  await accessible("the users");
  await page.locator("tr", { hasText: /Gestor/ }).locator(".actions button").first().click();
  await until(page, () => /^(?:[0-9A-Z] ?){4}/.test(document.querySelector("[data-code]")?.getAttribute("aria-label") ?? ""));
  await page.keyboard.press("Escape");
}

async function come_back_after_a_lost_line({ browser, context, url }) {
  const { page, context: own, troubles } = await open_page(browser, { storageState: await context.storageState() });
  const lines = [];
  await page.routeWebSocket(/\/api\/live$/, (line) => {
    line.connectToServer();
    lines.push(line);
  });
  await page.goto(`${url}/visits`);
  await page.waitForSelector('[data-connection="online"]');
  await lines[0].close();
  await until(page, () => window.terreno.connection() !== "online");
  await page.waitForSelector('[data-connection="online"]');
  assert.ok(lines.length >= 2, "a second connection was made");
  assert.deepEqual(troubles, []);
  await own.close();
}

async function log_out({ page }) {
  await choose(page, 2, "[data-logout]");
  await page.waitForSelector("input[name=password]");
  assert.equal(await page.evaluate(() => fetch("/api/gestores").then((answer) => answer.status)), 401);
}

export const steps = [
  ["asks for a login and gives out nothing before", ask_for_login],
  ["refuses a wrong password in plain words", refuse_a_wrong_password],
  ["lets the supervisor in", log_in],
  ["shows town, cases and gestores on the map", show_the_map],
  ["sees gestores move", see_gestores_move],
  ["flies to a gestor and shows the day's track", select_a_gestor],
  ["takes the screenshot", take_the_screenshot],
  ["sees a visit arrive live", see_a_visit_arrive],
  ["reads its answers and the verdict's map", read_the_visit],
  ["looks at a photo", look_at_a_photo],
  ["looks at a photo that answers two questions", look_at_a_photo_used_twice],
  ["speaks Spanish, English and Portuguese", speak_three_languages],
  ["turns dark and light", turn_dark_and_back],
  ["lists what was given up and what could not be applied", look_at_what_was_given_up],
  ["searches and opens a case", search_the_cases],
  ["refuses a file with bad lines", refuse_a_bad_file],
  ["exports the answers of a questionnaire", export_the_answers],
  ["brings a questionnaire as an admin, its faults told first", bring_a_form],
  ["gives out an enrolment code", give_out_a_code],
  ["comes back by itself after a lost line", come_back_after_a_lost_line],
  ["logs out", log_out],
];
