// Drives the console in a real browser against a server whose day is under way.
//
//   TERRENO_URL=http://127.0.0.1:8080 TERRENO_LOGIN=supervisora TERRENO_PASSWORD=... node console_test.mjs
//
// Also read: TERRENO_SCREENSHOT (a PNG of the map at 1440 x 900 is written there), TERRENO_FAILURE (a PNG of what
// was on screen when a step failed), TERRENO_MIN_MOVED (gestores that have to move, 5), TERRENO_WAIT_S (longest
// wait for something to happen in the field, 240), TERRENO_TIMEOUT_S (longest wait for the page, 90),
// TERRENO_CHROMIUM (/usr/bin/chromium). Ends with 0 when every step passed.
import assert from "node:assert/strict";
import { accessibility_findings, open_browser, open_page } from "./browser.mjs";
import { steps } from "./steps.mjs";

function required(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set; see the head of console_test.mjs`);
    process.exit(2);
  }
  return value;
}

const run = {
  url: required("TERRENO_URL").replace(/\/$/, ""),
  login: required("TERRENO_LOGIN"),
  password: required("TERRENO_PASSWORD"),
  screenshot: process.env.TERRENO_SCREENSHOT,
  min_moved: Number(process.env.TERRENO_MIN_MOVED ?? 5),
  wait_ms: Number(process.env.TERRENO_WAIT_S ?? 240) * 1000,
};

const browser = await open_browser();
run.browser = browser;
Object.assign(run, await open_page(browser));
run.accessible = async (screen) => {
  const findings = await accessibility_findings(run.page);
  assert.deepEqual(findings, [], `${screen} has accessibility findings`);
};

let failed = 0;
for (const [name, step] of steps) {
  const began = performance.now();
  try {
    const said = await step(run);
    assert.deepEqual(run.troubles.splice(0), [], "the page had troubles");
    console.log(`ok      ${name}${said ? `: ${said}` : ""} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n        ${String(error.message).replaceAll("\n", "\n        ")}`);
    for (const trouble of run.troubles.splice(0)) console.log(`        ${trouble}`);
    if (process.env.TERRENO_FAILURE) await run.page.screenshot({ path: process.env.TERRENO_FAILURE }).catch(() => {});
    break;
  }
}
await browser.close();
console.log(failed === 0 ? `${steps.length} steps passed` : "the console's test failed");
process.exit(failed === 0 ? 0 : 1);
