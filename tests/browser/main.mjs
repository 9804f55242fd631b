// The help centre in a real browser, with and without JavaScript: one process, one server, one
// browser, a file for each capability. Run by scripts/test; alone: `node tests/browser/main.mjs`,
// with a word to run only the tests that have it in their names.

import { after, before, describe } from "node:test";
import { startBrowser } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";
import consolePages from "./console.mjs";
import pages from "./pages.mjs";

// The browser, and the root of the server, for every test.
const run = {};

describe("in the browser", { timeout: 300_000 }, () => {
  before(async () => {
    [run.browser, run.server] = await Promise.all([startBrowser(), startServer()]);
    run.root = run.server.root;
  });
  after(async () => {
    await Promise.all([run.browser?.close(), run.server?.stop()]);
  });
  for (const capability of [pages, consolePages]) capability(run);
});
