// Every page in every language, on phone and desk, light and dark, with and without JavaScript:
// accessible, silent in the console, small, and still while it loads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, withPage } from "./support/browser.mjs";

const LANGUAGES = ["en", "zh", "zh-hant"];
const PAGES = ["", "sections/transfers", "articles/transaction-pending", "search?q=pending", "search?q=qzxv", "contact"];
// Every language meets every device, theme and way of scripting, without taking all combinations.
const VIEWS = [
  { device: "phone", colorScheme: "light" },
  { device: "desk", colorScheme: "dark" },
  { device: "phone", colorScheme: "dark", scripts: false },
  { device: "desk", colorScheme: "light", scripts: false },
];

// What a first view may cost, without fonts.
const BYTES_MAX = 60_000;
const REQUESTS_MAX = 8;
// On a machine that does much else at the same time; on a quiet one it is a fraction of this.
const FIRST_PAINT_MS_MAX = 3000;

export default function pages(run) {
  for (const path of ["en/", "zh/articles/transaction-pending", "en/search?q=pending", "zh/contact"]) {
    test(`/${path} is light and still`, async () => {
      // First without scripts: what is painted needs none.
      for (const scripts of [false, true]) {
        await withPage(run.browser, { device: "phone", scripts }, async (page, context) => {
          const session = await context.newCDPSession(page);
          await session.send("Network.enable");
          let [bytes, requests] = [0, 0];
          session.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; requests += 1; });
          await context.addInitScript(() => {
            globalThis.shift = 0;
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries()) globalThis.shift += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
          });
          await page.goto(`${run.root}/${path}`, { waitUntil: "networkidle" });
          const [paint, shift] = await page.evaluate(() => [performance.getEntriesByName("first-contentful-paint")[0].startTime, globalThis.shift]);
          assert.ok(bytes < BYTES_MAX, `${bytes} bytes`);
          assert.ok(requests <= REQUESTS_MAX, `${requests} requests`);
          assert.ok(paint < FIRST_PAINT_MS_MAX, `first paint after ${paint} ms`);
          assert.equal(shift, 0, "layout shift");
        });
      }
    });
  }

  for (const lang of LANGUAGES) {
    test(`pages in ${lang} are accessible and silent`, async () => {
      const { browser, root } = run;
      for (const view of VIEWS) {
        await withPage(browser, view, async (page) => {
          for (const path of PAGES) {
            await page.goto(`${root}/${lang}/${path}`);
            await accessible(page, `/${lang}/${path} ${JSON.stringify(view)}`);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(wide <= 0, `/${lang}/${path} scrolls sideways by ${wide} px on ${view.device}`);
          }
        });
      }
    });
  }
}
