// The contact form: suggestions beside it, the page in between without JavaScript, what is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, withPage } from "./support/browser.mjs";

const TEXTS = {
  en: "My USDT transfer has been stuck on pending for six hours, how can I speed it up or cancel it? App 5.21.3, order HB-12345678",
  zh: "我的 USDT 转账一直显示待确认，已经六个小时了，怎么加速或者取消？App 5.21.3，订单 HB-12345678",
};
const OFF_TOPIC = { en: "What a lovely day for a walk in the park with my dog", zh: "今天天气真好，适合带狗去公园散步" };

export default function contact(run) {
  for (const lang of ["en", "zh"]) {
    for (const device of ["phone", "desk"]) {
      test(`contact in ${lang} on a ${device}: suggested, corrected, sent`, async () => {
        await withPage(run.browser, { device }, async (page) => {
          await page.goto(`${run.root}/${lang}/articles/transaction-failed`);
          await page.locator(".aside-contact a").click();
          assert.equal(await page.locator("[name=from]").inputValue(), "transaction-failed");
          await page.locator("#text").fill(OFF_TOPIC[lang]);
          await page.waitForResponse("**/suggest");
          assert.ok(await page.locator("[data-beside]").isHidden(), "nothing fits, so nothing is shown");
          await page.locator("#text").fill(TEXTS[lang]);
          const card = page.locator("[data-suggestions] .card").first();
          await card.waitFor();
          assert.match(await card.locator("a").getAttribute("href"), /articles\/transaction-pending/);
          assert.ok((await card.locator("mark").count()) > 0, "the passage that answers, with marks");
          assert.equal(await page.locator("[name=app_version]").inputValue(), "5.21.3");
          assert.equal(await page.locator("[name=order_id]").inputValue(), "HB-12345678");
          await page.locator("[name=app_version]").fill("5.22.0");
          await accessible(page, `contact in ${lang} with suggestions`);
          await page.locator("form[data-contact] button[type=submit]").click();
          assert.match(await page.locator("main .lead").textContent(), /\d+/);
          await accessible(page, `contact in ${lang}, sent`);
        });
      });
    }

    test(`contact in ${lang} without JavaScript: one page in between, then sent`, async () => {
      await withPage(run.browser, { device: "phone", javaScriptEnabled: false }, async (page) => {
        await page.goto(`${run.root}/${lang}/contact`);
        await page.locator("#text").fill(TEXTS[lang]);
        await page.locator("form[data-contact] button[type=submit]").click();
        assert.ok((await page.locator(".card h3 a").count()) > 0);
        assert.equal(await page.locator("[name=app_version]").inputValue(), "5.21.3");
        await page.locator("button[value=send]").click();
        assert.match(await page.locator("main .lead").textContent(), /\d+/);
        await page.goto(`${run.root}/${lang}/contact`);
        await page.locator("#text").fill(OFF_TOPIC[lang]);
        await page.locator("form[data-contact] button[type=submit]").click();
        assert.match(await page.locator("main .lead").textContent(), /\d+/, "nothing fits, so it is sent at once");
      });
    });
  }

  test("this solved it: nothing is sent", async () => {
    await withPage(run.browser, { device: "desk" }, async (page) => {
      await page.goto(`${run.root}/en/contact`);
      await page.locator("#text").fill(TEXTS.en);
      await page.locator("[data-suggestions] [value=solved]").first().click();
      await page.waitForURL("**/feedback");
      assert.match(await page.locator("main .lead").textContent(), /Nothing was sent/);
    });
  });

  test("a secret is noticed while it is typed", async () => {
    await withPage(run.browser, { device: "phone" }, async (page) => {
      await page.goto(`${run.root}/zh/contact`);
      const phrase = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
      await page.locator("#text").fill(`我的助记词是 ${phrase}，现在打不开钱包`);
      await page.locator("div[data-leak]").waitFor();
      // The first press is held back, the second is the writer's decision.
      const send = page.locator("form[data-contact] button[type=submit]");
      await send.click();
      await send.click();
      await page.waitForLoadState();
      assert.ok(!(await page.content()).includes("abandon abandon"));
    });
  });

  test("an article that did not help asks why and leads to the form", async () => {
    for (const javaScriptEnabled of [true, false]) {
      await withPage(run.browser, { device: "phone", javaScriptEnabled }, async (page) => {
        await page.goto(`${run.root}/en/articles/card-declined`);
        await page.locator("[value=not-helpful]").click();
        if (javaScriptEnabled) await accessible(page, "why an article did not help");
        await page.locator("[value=outdated]").click();
        await page.locator("main .button").click();
        await page.waitForURL("**/contact?from=card-declined");
      });
    }
  });
}
