// The help centre in a real browser, with and without JavaScript: one process, one server, one
// browser, a file for each capability. Run by scripts/test; alone: `node tests/browser/main.mjs`,
// with a word to run only the tests that have it in their names.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { startBrowser } from "./support/browser.mjs";
import { freePort, startServer } from "./support/server.mjs";
import consolePages from "./console.mjs";
import contact from "./contact.mjs";
import injection, { hostileArticle } from "./injection.mjs";
import leak from "./leak.mjs";
import pages from "./pages.mjs";
import search from "./search.mjs";
import studio from "./studio.mjs";
import widget from "./widget.mjs";

// The browser, and the root of the server, for every test.
const run = {};

describe("in the browser", { timeout: 1_200_000 }, () => {
  before(async () => {
    // Another site, which the settings allow to show the widget.
    const port = await freePort();
    run.shop = { port, origin: `http://localhost:${port}` };
    const settings = { ZHINAN_WIDGET_ORIGINS: run.shop.origin };
    const edit = async (kb) => {
      const folder = join(kb, "transfers", "hostile");
      await mkdir(folder);
      await writeFile(join(folder, "en.md"), hostileArticle());
    };
    [run.browser, run.server] = await Promise.all([startBrowser(), startServer({ settings, edit })]);
    run.root = run.server.root;
  });
  after(async () => {
    await Promise.all([run.browser?.close(), run.server?.stop()]);
  });
  const capabilities = [pages, consolePages, studio, search, contact, leak, widget, injection];
  for (const capability of capabilities) capability(run);
});
