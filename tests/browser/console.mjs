// The agents' console: the first sign-in, triage by keyboard alone in English and Chinese, a pasted
// ticket copied out, an outcome that changes the next ranking, escalation, accessibility.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, withPage } from "./support/browser.mjs";

const PASSWORD = "blue bicycle key ring";
const TICKETS = [
  "My USDT transfer has been stuck on pending for six hours, how can I speed it up?",
  "转账一直待确认，怎么加速或者取消？",
  "My card was declined with code 05 when I bought ETH",
  "银行卡付款被拒，提示 05，怎么办？",
  "The token I received does not show in my wallet",
  "代币到账了但是钱包里不显示",
  "I sent coins to the wrong network, are they lost?",
  "转错网络了，币还能找回来吗？",
  "How do I restore my wallet on a new phone?",
  "换新手机怎么恢复钱包？",
];

async function file(root, text) {
  const answer = await fetch(`${root}/api/v1/tickets`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
  assert.equal(answer.status, 201);
  return (await answer.json()).ticket;
}

export default function consolePages(run) {
  let cookies = [];

  // A page of somebody who is signed in.
  const signedIn = (options, use) =>
    withPage(run.browser, options, async (page, context) => {
      await context.addCookies(cookies);
      await use(page, context);
    });

  test("the first one here becomes the administrator", async () => {
    await withPage(run.browser, {}, async (page, context) => {
      await page.goto(run.server.setup);
      await accessible(page, "/setup");
      await page.fill("#name", "li.wei");
      await page.fill("#display", "Li Wei");
      await page.fill("#password", PASSWORD);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/agent");
      cookies = await context.cookies();
    });
    await withPage(run.browser, {}, async (page) => {
      await page.goto(`${run.root}/agent/learned`);
      await accessible(page, "/sign-in");
      await page.fill("#name", "li.wei");
      await page.fill("#password", PASSWORD);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/agent/learned");
    });
  });

  for (const lang of ["en", "zh"]) {
    test(`ten tickets are triaged by keyboard alone in ${lang}`, async () => {
      for (const text of TICKETS) await file(run.root, text);
      await signedIn({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
        await page.goto(`${run.root}/agent?lang=${lang}`);
        await accessible(page, `/agent?lang=${lang}`);
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
        await accessible(page, "the keys");
        await page.keyboard.press("Escape");
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
        for (let n = 0; n < TICKETS.length; n += 1) {
          await page.waitForURL(/\/agent\/tickets\/\d+/);
          const here = page.url();
          if (n === 0) await accessible(page, `a ticket in ${lang}`);
          const hasReply = await page.locator("#s1 [data-reply]").count();
          await page.keyboard.press("1");
          if (hasReply) {
            await page.keyboard.press("c");
            await page.keyboard.press("c");
            const reply = await page.locator("#s1 [data-reply]").inputValue();
            await page.waitForFunction((text) => navigator.clipboard.readText().then((t) => t === text), reply);
            await page.keyboard.press("Escape");
          }
          await page.keyboard.press(hasReply ? "u" : "n");
          await page.waitForURL((url) => url.href !== here);
        }
        await page.waitForURL("**/agent?done=*");
        assert.equal(await page.locator("[data-line]").count(), 0, "nothing is open");
      });
    });
  }

  test("a pasted ticket is answered with text, Markdown and HTML", async () => {
    await signedIn({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.goto(`${run.root}/agent?lang=zh`);
      await page.fill("#text", "Hello, my name is Anna. My USDT transfer is stuck on pending on Ethereum.\n\nThanks");
      await page.locator(".paste .button").click();
      const first = page.locator("#s1");
      await first.waitFor();
      await accessible(page, "a pasted ticket");
      const reply = await first.locator("[data-reply]").inputValue();
      assert.match(reply, /Hi Anna,/, "the customer's language and name");
      assert.match(reply, /Li Wei/);
      await first.locator("[data-reply]").fill(reply.replaceAll(/\{\{[a-z_]+\}\}/g, "x"));
      await first.locator("[data-copy-as=markdown]").click();
      await page.waitForFunction(() => navigator.clipboard.readText().then((t) => /\]\(http/.test(t)));
      await first.locator("[data-copy-as=html]").click();
      await page.waitForFunction(() => navigator.clipboard.readText().then((t) => /<a href="http/.test(t)));
      await first.locator("[data-outcome=used]").click();
      await page.waitForURL(/\/agent\/tickets\/\d+/);
      assert.equal(await page.locator(".said li").first().textContent().then((t) => /edited|修改后使用/.test(t)), true);
    });
  });

  test("an outcome changes the next ranking", async () => {
    const text = "wombat gizmo blinking again and again";
    const ticket = await file(run.root, text);
    await signedIn({}, async (page) => {
      const path = `${run.root}/agent/panel?lang=en&text=${encodeURIComponent(text)}`;
      await page.goto(path);
      const listed = () => page.locator("input[name=article][value=nft-issues]").count();
      assert.equal(await listed(), 0);
      await page.goto(`${run.root}/agent/tickets/${ticket}?lang=en`);
      await page.fill("#article", "nft-issues");
      await page.keyboard.press("Enter");
      await page.waitForURL("**done=*");
      for (let n = 0; n < 240 && !(await listed()); n += 1) {
        await page.waitForTimeout(500);
        await page.goto(path);
      }
      assert.equal(await listed(), 1, "the linked article is suggested now");
      await page.goto(`${run.root}/agent/learned?lang=en`);
      await accessible(page, "/agent/learned");
      assert.match(await page.locator("main").textContent(), /wombat gizmo/);
    });
  });

  test("a ticket is escalated", async () => {
    const hash = `0x${"a1".repeat(32)}`;
    const ticket = await file(run.root, `Ethereum transaction ${hash} is stuck on pending, app 5.21.3, iOS 17.5.1`);
    await signedIn({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.goto(`${run.root}/agent/tickets/${ticket}?lang=en`);
      await page.keyboard.press("e");
      await page.waitForURL("**/escalation");
      await accessible(page, "an escalation");
      const note = await page.locator("#note").inputValue();
      assert.match(note, new RegExp(`etherscan.io/tx/${hash}`));
      assert.match(note, /5\.21\.3/);
      assert.match(note, /iOS 17\.5\.1/);
      await page.keyboard.press("c");
      await page.waitForFunction((text) => navigator.clipboard.readText().then((t) => t === text), note);
      await page.locator("form .button").click();
      await page.waitForURL("**done=*");
    });
  });

  test("staff pages are accessible on phone and desk, light and dark", async () => {
    await file(run.root, "card declined");
    const views = [{ device: "phone" }, { device: "desk", colorScheme: "dark" }, { device: "desk", scripts: false }];
    for (const [n, view] of views.entries()) {
      await signedIn(view, async (page) => {
        const lang = ["en", "zh", "zh-hant"][n];
        for (const path of ["/agent", "/agent/tickets/1", "/agent/panel?text=card", "/people", "/audit", "/account", "/agent/learned"]) {
          const address = `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
          await page.goto(`${run.root}${address}`);
          await accessible(page, `${address} ${JSON.stringify(view)}`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${address} scrolls sideways by ${wide} px`);
        }
      });
    }
  });
}
