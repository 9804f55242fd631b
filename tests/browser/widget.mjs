// The widget: on the demo page, and on another site with a strict content security policy.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { accessible, withPage } from "./support/browser.mjs";

const TEXT = "My USDT transfer has been stuck on pending for six hours, how can I speed it up or cancel it?";
const BYTES_MAX = 15_000;

async function through(page, lang) {
  await page.locator("zhinan-widget .open").click();
  await page.locator("zhinan-widget input[type=search]").fill(lang === "en" ? "card declined" : "银行卡被拒");
  const hit = page.locator("zhinan-widget li a").first();
  await hit.waitFor();
  assert.match(await hit.getAttribute("href"), /\/articles\//);
  await page.locator("zhinan-widget .plain").last().click();
  await page.locator("zhinan-widget textarea").fill(TEXT);
  await page.locator("zhinan-widget .offer li a").first().waitFor();
  await accessible(page, `the widget in ${lang}`);
  await page.locator("zhinan-widget .send").click();
  await page.locator("zhinan-widget h3").waitFor();
  assert.match(await page.locator("zhinan-widget .body p").textContent(), /\d/);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("zhinan-widget .open").isVisible());
}

export default function widget(run) {
  test("the widget is small", async () => {
    const script = await (await fetch(`${run.root}/widget.js`)).text();
    const bytes = gzipSync(script).length;
    assert.ok(bytes < BYTES_MAX, `${bytes} bytes`);
  });

  for (const [lang, device] of [["en", "desk"], ["zh", "phone"]]) {
    test(`the widget in ${lang} on a ${device}: search, suggestions, ticket`, async () => {
      await withPage(run.browser, { device }, async (page) => {
        await page.goto(`${run.root}/widget/demo?lang=${lang}`);
        await accessible(page, "the demo page");
        await through(page, lang);
      });
    });
  }

  test("the widget works on another site with a strict policy, and on no unnamed one", async () => {
    const policy = `default-src 'none'; script-src ${run.root}; connect-src ${run.root}`;
    const html = `<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1></main><script src="${run.root}/widget.js" data-theme="dark" data-side="left"></script></html>`;
    const site = createServer((_, answer) => {
      answer.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy });
      answer.end(html);
    });
    await new Promise((resolve) => site.listen(run.shop.port, "127.0.0.1", resolve));
    try {
      // The browser asks every site for an icon, which this one's policy forbids.
      await withPage(run.browser, { device: "desk", expected: /favicon/ }, async (page) => {
        await page.goto(run.shop.origin);
        await through(page, "en");
      });
      const stranger = await fetch(`${run.root}/api/v1/search?q=card`, { headers: { Origin: "https://evil.example" } });
      assert.equal(stranger.headers.get("access-control-allow-origin"), null);
    } finally {
      site.close();
    }
  });
}
