// The server under test: the debug binary on a free port, with a data folder of its own that is
// thrown away. In: settings. Out: its address, and how to stop it.

import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BINARY = process.env.ZHINAN_BINARY ?? join(ROOT, "target/debug/zhinan");
const START_MS_MAX = 60_000;

// A port that nobody listens on.
export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

// Starts a server on the real knowledge base. `edit` may change the copy of `kb/` that it serves,
// `settings` are variables of its environment.
export async function startServer({ settings = {}, edit } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "zhinan-browser-"));
  const kb = join(folder, "kb");
  await cp(join(ROOT, "kb"), kb, { recursive: true });
  await edit?.(kb);
  const fixed = ["serve", "--listen", "127.0.0.1:0", "--ops-listen", "off", "--rate-limit", "off"];
  const places = ["--kb", kb, "--data", join(folder, "data")];
  const child = spawn(BINARY, [...fixed, ...places], { env: { ...process.env, ...settings } });
  let log = "";
  child.stderr.on("data", (text) => { log += text; });
  const { root, setup } = await new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`no greeting from the server:\n${log}`)), START_MS_MAX);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log}`)));
    child.stdout.on("data", (text) => {
      said += text;
      if (!said.includes("stop with ctrl-c")) return;
      clearTimeout(timer);
      resolve({
        root: said.match(/ on (http:\/\/[\d.:]+)\n/)[1],
        // The link that makes the first administrator.
        setup: said.match(/ (http:\S+\/setup\?key=\S+)/)?.[1],
      });
    });
  });
  // The first ticket waits for the matchers; no test should.
  await fetch(`${root}/api/v1/suggest`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text: "warm" }),
  });
  return {
    root,
    setup,
    kb,
    async stop() {
      child.removeAllListeners("exit");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      child.kill("SIGTERM");
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
