// The contact form holds a secret back: nothing is sent while it is typed, the first press of the
// button warns, and the offer to take it out works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, withPage } from "./support/browser.mjs";

const SECRETS = {
  en: "pls restore burger sheriff physical bike dinner absent crash useful write brief gold skill thx",
  zh: "助记词是：腿 宴 当 乡 找 县 哲 滨 毁 冬 机 诬，导入失败",
  "zh-hant": "卡號 4111 1111 1111 1111 付款失敗",
};
// Longer than the pause after which suggestions are asked for.
const PAUSE_MS = 1200;

export default function leak(run) {
  for (const [lang, text] of Object.entries(SECRETS)) {
    test(`a secret typed in ${lang} is not sent before its writer says so`, async () => {
      await withPage(run.browser, { device: "phone" }, async (page) => {
        const sent = [];
        page.on("request", (request) => { if (request.method() === "POST") sent.push(request.postData()); });
        await page.goto(`${run.root}/${lang}/contact`);
        const warning = page.locator("div[data-leak]");
        await page.locator("#text").fill(text);
        await page.waitForTimeout(PAUSE_MS);
        assert.ok(await warning.isVisible(), "the warning shows");
        assert.equal(await warning.getAttribute("role"), "alert");
        await accessible(page, `the warning in ${lang}`);
        await page.locator("form[data-guard] button[type=submit]").click();
        assert.deepEqual(sent, [], "nothing is sent while the warning shows");

        await page.locator("[data-leak-remove]").click();
        const left = await page.locator("#text").inputValue();
        assert.ok(left.includes("[…]") && !await warning.isVisible(), left);
        await page.waitForTimeout(PAUSE_MS);
        assert.ok(sent.every((body) => !body.includes("sheriff") && !body.includes("4111")), sent.join());
      });
    });
  }

  test("a phrase that is still being typed is not sent for suggestions", async () => {
    await withPage(run.browser, {}, async (page) => {
      const sent = [];
      page.on("request", (request) => { if (request.method() === "POST") sent.push(request.postData()); });
      await page.goto(`${run.root}/en/contact`);
      await page.locator("#text").fill("my words: burger sheriff physical bike din");
      await page.waitForTimeout(PAUSE_MS);
      assert.deepEqual(sent, []);
      await page.locator("#text").fill("my card was declined when I tried to buy");
      await page.waitForTimeout(PAUSE_MS);
      assert.equal(sent.length, 1, "an ordinary text is");
    });
  });
}
