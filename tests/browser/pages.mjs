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

export default function pages(run) {
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
