// One Chromium for all tests, and pages that write down everything that goes wrong in them.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
// Slow machines that do much else; a test that waits so long has failed.
const ACTION_MS_MAX = 40_000;
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// WCAG 2.2 AA and everything below it, and what axe calls best practice.
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desk: { viewport: { width: 1280, height: 900 } },
};

// Starts the browser; playwright gives it a profile folder of its own.
export function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  assert.ok(executablePath, "no Chromium; scripts/test installs one, or name yours in CHROMIUM");
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

// Opens a page in a context of its own and hands it to `use`; afterwards there must have been no
// error in the console, no exception and no report of the content security policy.
// `expected` matches console lines that the test provokes, such as the 404 of a missing page.
// `scripts: false` leaves the page without its own scripts, but lets the test look into it with
// its; `javaScriptEnabled: false` is a browser that runs none at all.
export async function withPage(browser, options, use) {
  const { device = "desk", scripts = true, expected, ...rest } = options;
  const context = await browser.newContext({ ...DEVICES[device], ...rest });
  context.setDefaultTimeout(ACTION_MS_MAX);
  if (!scripts) await context.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  const wrong = [];
  context.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected?.test(text)) wrong.push(text);
  });
  context.on("weberror", (error) => wrong.push(String(error.error())));
  await context.exposeFunction("reportViolation", (text) => wrong.push(`CSP: ${text}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  const page = await context.newPage();
  try {
    await use(page, context);
  } catch (error) {
    // What was on the page says more than the line that waited for something else.
    const seen = await page.locator("body").innerText().catch(() => "");
    console.error(`${page.url()}\n${seen.slice(0, 1500)}`);
    throw error;
  } finally {
    await context.close();
  }
  assert.deepEqual(wrong, [], "errors in the browser");
}

// No violation of the accessibility rules on the page as it stands.
export async function accessible(page, where) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (tags) => {
    const found = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(" | ")}`);
  }, AXE_TAGS);
  assert.deepEqual(violations, [], `accessibility of ${where}`);
}
