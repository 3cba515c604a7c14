// A headless Chromium that notices what a user never should: page errors, console errors, answers of 500 and
// above, and violations of the Content-Security-Policy.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

// The console's own development packages hold the driver, so that there is one lock file to keep.
const from_console = createRequire(new URL("../../../server/web/package.json", import.meta.url));
const { chromium } = from_console("playwright-core");
const axe_source = readFileSync(from_console.resolve("axe-core/axe.min.js"), "utf8");

// Software WebGL: pictures are slow and frames per second mean nothing, but what is drawn is drawn.
const kArguments = [
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
];

export async function open_browser() {
  return chromium.launch({
    executablePath: process.env.TERRENO_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: kArguments,
  });
}

export async function open_page(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "es-MX",
    colorScheme: "light",
    // Sliding markers and flights cost a software renderer more than everything else together.
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(Number(process.env.TERRENO_TIMEOUT_S ?? 90) * 1000);
  const page = await context.newPage();
  return { context, page, troubles: await watch(page) };
}

async function watch(page) {
  const troubles = [];
  const note = (kind, text) => troubles.push(`${kind}: ${text}`);
  await page.exposeFunction("terreno_csp_violation", (text) => note("CSP", text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.terreno_csp_violation(`${event.violatedDirective} ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  page.on("pageerror", (error) => note("page error", error.message));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // A refused login or import is an answer that the page shows; Chromium writes it into the console too.
    const expected = /status of (401|422|429)/.test(message.text());
    if (!expected) note("console", message.text());
  });
  page.on("response", (response) => {
    if (response.status() >= 500) note("answer", `${response.status()} ${response.url()}`);
  });
  return troubles;
}

/** The serious and critical findings of axe-core on what is shown now. */
export async function accessibility_findings(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe_source);
  const violations = await page.evaluate(async () => (await window.axe.run(document)).violations);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
}
