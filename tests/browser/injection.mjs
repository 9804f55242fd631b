// Hostile texts through every field that a page echoes: nothing runs, nothing is reported by the
// policy (which would mean that markup got through and was only stopped at the last door).

import assert from "node:assert/strict";
import { test } from "node:test";
import { withPage } from "./support/browser.mjs";

const CODE = "globalThis.hacked()";
const STARTS = [
  "<script>CODE</script>", "<ScRiPt >CODE</sCrIpT >", "<img src=x onerror=CODE>", "<img/src=x/onerror=CODE>",
  "<svg onload=CODE>", "<svg><script>CODE</script></svg>", "<svg><animate onbegin=CODE attributeName=x dur=1s>",
  "<math><mtext><style><img src=x onerror=CODE></style></mtext></math>", "<iframe src=javascript:CODE>",
  "<iframe srcdoc='<script>parent.hacked()</script>'>", "<object data=javascript:CODE>", "<embed src=javascript:CODE>",
  "<input autofocus onfocus=CODE>", "<details open ontoggle=CODE>", "<body onload=CODE>",
  "<video><source onerror=CODE></video>", "<base href=//evil.example/>", "<marquee onstart=CODE>x</marquee>",
  "<noscript><p title='</noscript><img src=x onerror=CODE>'>", "<style>*{animation:x}</style>",
  "<a href=javascript:CODE autofocus onfocus=CODE>x</a>", "{{ CODE }}", "&lt;img src=x onerror=CODE&gt;",
  "＜img src=x onerror=CODE＞", "[x](javascript:CODE)", "<meta http-equiv=refresh content='0;url=javascript:CODE'>",
  "\u2028<script>CODE</script>", "<button formaction=javascript:CODE autofocus onfocus=CODE>x</button>",
];
const PLACES = ["@", '"@', "'@", '">@', "'>@", "</title>@", "</textarea>@", "</script>@", "-->@", "</mark>@", '" autofocus onfocus=CODE x="@'];
const PAYLOADS = PLACES.flatMap((place) => STARTS.map((start) => place.replace("@", start).replaceAll("CODE", CODE)));
// How many hostile texts one page carries where it can carry several.
const TOGETHER = 22;

async function armed(context) {
  let executions = 0;
  await context.exposeFunction("hacked", () => { executions += 1; });
  return () => executions;
}

export default function injection(run) {
  test(`none of ${PAYLOADS.length} hostile texts runs`, async () => {
    await withPage(run.browser, { device: "desk" }, async (page, context) => {
      const executions = await armed(context);
      // Not found and not acceptable are the right answers to some of them.
      context.removeAllListeners("console");
      const reports = [];
      context.on("console", (message) => {
        if (/Content Security Policy|Refused/.test(message.text())) reports.push(message.text());
      });
      for (let at = 0; at < PAYLOADS.length; at += TOGETHER) {
        const several = PAYLOADS.slice(at, at + TOGETHER);
        const text = several.join("\n");
        const query = encodeURIComponent(text.slice(0, 1900));
        await page.goto(`${run.root}/en/search?q=${query}&section=${query.slice(0, 300)}`);
        await page.goto(`${run.root}/zh/articles/${encodeURIComponent(several[0])}`);
        await page.goto(`${run.root}/en/contact?from=${encodeURIComponent(several[1])}`);
        await page.locator("#text").evaluate((area, value) => { area.value = value; }, `My transfer is stuck on pending, how do I speed it up? App 5.21.3\n${text}`);
        await Promise.all([
          page.waitForEvent("load"),
          page.locator("form[data-contact]").evaluate((form) => {
            // As without JavaScript, so that the page in between echoes the text.
            form.elements.step.value = "write";
            form.submit();
          }),
        ]);
      }
      // As one types: the list below the box and the cards beside the form are made by scripts.
      await page.goto(`${run.root}/en/`);
      await page.locator("#q").fill(`pending ${PAYLOADS[2]}`);
      await page.locator("[role=option]").first().waitFor();
      await page.goto(`${run.root}/en/contact`);
      await page.locator("#text").fill(`Transfer stuck on pending, speed up? HB-12345678 ${PAYLOADS.slice(0, 8).join(" ")}`);
      await page.waitForResponse("**/suggest");
      assert.equal(executions(), 0, "executions");
      assert.deepEqual(reports, [], "reports of the policy");
    });
  });

  test("hostile articles are shown as text", async () => {
    await withPage(run.browser, { device: "desk" }, async (page, context) => {
      const executions = await armed(context);
      for (const path of ["en/articles/hostile", "zh-hant/articles/hostile", "en/", "en/search?q=hostile", "en/sections/transfers"]) {
        await page.goto(`${run.root}/${path}`);
      }
      await page.goto(`${run.root}/en/`);
      await page.locator("#q").fill("hostile");
      await page.locator("[role=option]").first().waitFor();
      assert.equal(executions(), 0, "executions");
    });
  });
}

// An article whose every part is hostile, beside the real ones.
export function hostileArticle() {
  const quoted = (text) => JSON.stringify(text);
  const fields = [
    "---", `title: ${quoted(`Hostile ${PAYLOADS[3]}`)}`, `summary: ${quoted(`Hostile "'> ${PAYLOADS[0]}`)}`,
    "questions:", ...PAYLOADS.slice(0, 6).map((text) => `  - ${quoted(text)}`),
    "audience: public", "kind: faq", "status: published", "confidence: validated", "owner: desk",
    "reviewed: 2026-11-01", "review_by: 2027-11-01", "---",
  ];
  return `${fields.join("\n")}\n\nHostile text.\n\n## Heading ${PAYLOADS[2]}\n\n${PAYLOADS.join("\n\n")}\n`;
}
