// Search: from the keyboard alone, as one types, and without JavaScript.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, withPage } from "./support/browser.mjs";

export default function search(run) {
  for (const [lang, query, mark] of [["en", "pending", "pending"], ["zh", "待确认", "待确认"], ["zh-hant", "轉帳", "轉"]]) {
    test(`search in ${lang} from the keyboard alone`, async () => {
      await withPage(run.browser, { device: "desk" }, async (page) => {
        await page.goto(`${run.root}/${lang}/`);
        await page.keyboard.press("/");
        await page.keyboard.type(query);
        const options = page.locator("[role=option]");
        await options.first().waitFor();
        assert.match(await page.locator(".options mark").first().textContent(), new RegExp(mark));
        await accessible(page, `search in ${lang}`);
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowUp");
        const chosen = page.locator("[aria-selected=true]");
        assert.equal(await chosen.count(), 1);
        assert.equal(await chosen.getAttribute("id"), await page.locator("#q").getAttribute("aria-activedescendant"));
        await page.keyboard.press("Escape");
        assert.ok(await page.locator(".options").isHidden());
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
        await page.waitForURL(`**/${lang}/articles/**`);
      });
    });
  }

  test("search results narrow to a section and come without JavaScript", async () => {
    await withPage(run.browser, { device: "phone", javaScriptEnabled: false }, async (page) => {
      await page.goto(`${run.root}/zh/`);
      await page.locator("main #q").fill("手续费");
      await page.locator("main .search button").click();
      const results = page.locator(".results li");
      const all = await results.count();
      assert.ok(all > 1);
      await page.locator(".facets .chip").nth(1).click();
      assert.ok((await results.count()) < all);
      assert.equal(await page.locator(".facets [aria-current]").count(), 1);
    });
  });

  test("a search that finds nothing leads on", async () => {
    await withPage(run.browser, { device: "phone" }, async (page) => {
      await page.goto(`${run.root}/en/search?q=pendng+trnsaction`);
      await page.locator(".did-you-mean button").click();
      assert.ok((await page.locator(".results li").count()) > 0);
      await page.goto(`${run.root}/zh/search?q=qzxvqzxv`);
      assert.ok(await page.locator("main a[href='/zh/contact']").isVisible());
      assert.ok((await page.locator(".plain-list a").count()) > 3);
    });
  });
}
