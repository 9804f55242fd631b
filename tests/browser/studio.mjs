// The studio and what recurs: an article is written in two languages, its findings seen while
// typing, its effect on tickets before it is published, found by readers, changed by a second editor
// at the same time, and brought back; the morning page leads to what to write.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { accessible, withPage } from "./support/browser.mjs";

// A replay fits four matchers: seconds in a release build, far more in a debug build at work.
const SLOW = { timeout: 120_000 };
const PASSWORD = "blue bicycle key ring";
// About something that no article answers.
const UNANSWERED = [..."abcde"].map((model) => `how do I descale my espresso kettle model ${model}`);

export default function studio(run) {
  const signedIn = (options, use) =>
    withPage(run.browser, options, async (page) => {
      await page.goto(`${run.root}/sign-in`);
      await page.fill("#name", "li.wei");
      await page.fill("#password", PASSWORD);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/agent");
      await use(page);
    });

  async function begin(page, id) {
    await page.goto(`${run.root}/studio?lang=en`);
    await page.getByText("New article").click();
    await page.fill("#new-id", id);
    await page.selectOption("#new-section", "app");
    await page.getByRole("button", { name: "Begin" }).click();
    await page.waitForURL(`**/studio/articles/${id}`);
  }

  async function found(page, lang, query, id) {
    const begun = Date.now();
    for (;;) {
      await page.goto(`${run.root}/${lang}/search?q=${encodeURIComponent(query)}`);
      if ((await page.locator(`main a[href*="/articles/${id}"]`).count()) > 0) return;
      assert.ok(Date.now() - begun < 2000, `${query} does not find ${id}`);
    }
  }

  test("an article is written from nothing, published and found in both languages", async () => {
    await signedIn({}, async (page) => {
      await begin(page, "dark-theme-flicker");
      await accessible(page, "/studio/articles");
      await page.fill("#en-title", "Dark theme flickers at dusk");
      await page.fill("#en-summary", "Turn off the automatic theme under Appearance.");
      await page.fill("#en-questions", "screen flickers in dark theme\ntheme flickers at dusk");
      await page.fill("#en-body", "Open [Appearance](article:no-such-place).");
      // The draft saves itself, and the mistake is named at its line.
      await page.locator(".findings .error", { hasText: "no-such-place" }).waitFor();
      await page.fill("#en-body", "Open **Me › Appearance**.\n\n## Why\n\nThe light sensor is slow.");
      await page.fill("#zh-title", "傍晚深色主题闪烁");
      await page.fill("#zh-summary", "在“外观”里关闭自动主题。");
      await page.fill("#zh-questions", "深色主题一直闪\n傍晚主题闪烁");
      await page.fill("#zh-body", "打开**我的 › 外观**。\n\n## 原因\n\n光线传感器反应慢。");
      await page.fill("#owner", "app-desk");
      await page.locator("[data-preview='zh-Hans']", { hasText: "光线传感器反应慢" }).waitFor();
      await page.getByRole("link", { name: "What would change" }).click(SLOW);
      await page.getByRole("heading", { name: "What would change" }).waitFor();
      await accessible(page, "/studio/articles/replay");
      await page.fill("#reason", "asked every evening", SLOW);
      await page.getByLabel("Both languages say the same now").check();
      await page.getByRole("button", { name: "Publish" }).click(SLOW);
      await page.getByRole("status").getByText("dark-theme-flicker").waitFor(SLOW);
      await accessible(page, "/studio");
      await found(page, "en", "theme flickers", "dark-theme-flicker");
      await found(page, "zh", "深色主题闪烁", "dark-theme-flicker");
    });
  });

  test("a second editor's change is joined with one's own, and a revision is brought back", async () => {
    await signedIn({}, async (page) => {
      const path = `${run.root}/studio/articles/dark-theme-flicker`;
      await page.goto(`${path}?lang=zh`);
      await accessible(page, "/studio/articles in zh");
      await page.fill("#en-summary", "Turn off the automatic theme.");
      await page.locator("[data-version='1']").waitFor();
      const file = join(run.server.kb, "app/dark-theme-flicker/zh.md");
      const theirs = (await readFile(file, "utf8")).replace("反应慢", "反应较慢");
      await writeFile(file, theirs);
      await page.goto(`${path}?lang=en`);
      await page.getByRole("alert").getByText("changed this meanwhile").waitFor();
      assert.ok((await page.inputValue("#zh-body")).includes("反应较慢"));
      assert.equal(await page.inputValue("#en-summary"), "Turn off the automatic theme.");
      await page.getByRole("button", { name: "Save the draft" }).click();
      await page.locator("[data-version='2']").waitFor();
      await page.getByRole("link", { name: "What would change" }).click(SLOW);
      // An edit may cost a golden ticket, and then a reason is asked for.
      await page.fill("#reason", "shorter", SLOW);
      await page.getByRole("button", { name: "Publish" }).click(SLOW);
      await page.getByRole("status").getByText("dark-theme-flicker").waitFor(SLOW);
      assert.ok((await readFile(file, "utf8")).includes("反应较慢"));
      await page.getByRole("link", { name: "History", exact: true }).click();
      await accessible(page, "/studio/articles/history");
      await page.getByRole("button", { name: "Bring this back as a draft" }).last().click();
      await page.waitForURL(path);
      assert.equal(await page.inputValue("#en-summary"), "Turn off the automatic theme under Appearance.");
    });
  });

  for (const [lang, device, question] of [["en", "desk", "Why is the kettle loud?"], ["zh", "phone", "水壶为什么很响？"]]) {
    test(`a table is looked at and then imported in ${lang} on ${device}`, async () => {
      await signedIn({ device }, async (page) => {
        await page.goto(`${run.root}/studio/import?lang=${lang}`);
        await accessible(page, `/studio/import in ${lang}`);
        const table = `id,question,answer,section\nloud-kettle-${lang},${question},Descale it.,app\n`;
        await page.setInputFiles("#file", { name: "faq.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
        await page.locator("form[enctype] button").click();
        await page.getByRole("heading", { name: "faq.csv" }).waitFor(SLOW);
        assert.ok((await page.locator("main").innerText()).includes(question));
        await accessible(page, `an import that was looked at in ${lang}`);
        await page.locator("form[action='/studio/import/apply'] button").click(SLOW);
        await page.getByRole("status").waitFor(SLOW);
        await page.goto(`${run.root}/studio/articles/loud-kettle-${lang}`);
        assert.equal(await page.inputValue(`#${lang}-title`), question);
        // A draft: readers do not see it.
        const answer = await fetch(`${run.root}/${lang}/articles/loud-kettle-${lang}`);
        assert.equal(answer.status, 404);
      });
    });
  }

  for (const lang of ["en", "zh"]) {
    test(`the morning page leads to what to write next in ${lang}`, async () => {
      for (const text of lang === "en" ? UNANSWERED : []) {
        await fetch(`${run.root}/api/v1/tickets`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ text }),
        });
      }
      await signedIn({}, async (page) => {
        await page.goto(`${run.root}/trends?lang=${lang}`);
        await accessible(page, `/trends in ${lang}`);
        await page.locator(".write a", { hasText: /descale|espresso|kettle/ }).first().click();
        await page.waitForURL("**/trends/issues/none#about-*");
        await accessible(page, `/trends/issues/none in ${lang}`);
        await page.locator(".about", { hasText: "kettle" }).locator(".more").first().click();
        await page.waitForURL("**/trends/clusters/*");
        await accessible(page, `a cluster in ${lang}`);
        await page.locator('main a[href^="/studio?ticket="]').first().click();
        await page.waitForURL(/\/studio\?ticket=/);
        await page.fill("#new-id", `kettle-${lang}`);
        await page.getByRole("button", { name: lang === "en" ? "Begin" : "开始" }).click();
        await page.waitForURL(`**/studio/articles/kettle-${lang}`);
        assert.ok((await page.inputValue("#en-questions")).includes("espresso kettle"));
      });
    });
  }
}
