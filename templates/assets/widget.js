// The help widget: search, suggestions and the contact form on any site, from one script tag.
//
//   <script src="https://help.example.com/widget.js" data-lang="zh" defer></script>
//
// `data-sender` may hold an opaque key of a user who is signed in, the same that their tickets carry;
// it is kept as a keyed hash, and tells whether somebody who was helped makes contact again.
//
// It lives in a shadow root, so that neither the page's styles nor ours reach the other, and builds
// elements by hand, so that nothing it shows can become markup. It needs no inline style or script:
// a page with a strict content security policy adds this server to script-src and connect-src.

(() => {
  const script = document.currentScript;
  if (!script || customElements.get("zhinan-widget")) return;
  const STRINGS = __STRINGS__;
  const ROOT = new URL(script.src).origin;
  const PAUSE_MS = 250;
  const CHARACTERS_MIN = 6;
  const settings = script.dataset;

  function language() {
    const tag = (settings.lang || document.documentElement.lang || navigator.language || "en").toLowerCase();
    if (!tag.startsWith("zh")) return "en";
    return /hant|tw|hk|mo/.test(tag) && !tag.includes("hans") ? "zh-Hant" : "zh";
  }

  const lang = language();
  const t = STRINGS[lang];
  const TAG = { en: "en", zh: "zh-Hans", "zh-Hant": "zh-Hant" };

  const STYLE = `
:host { all: initial; position: fixed; z-index: 2147483000; inset: auto 20px 20px auto; color-scheme: light dark;
  --a: var(--zhinan-accent, light-dark(#0f5c66, #7fcdd3)); --on: var(--zhinan-on-accent, light-dark(#fff, #0b2a2e));
  --paper: light-dark(#fff, #1c2326); --ink: light-dark(#1d2326, #e8ebea); --quiet: light-dark(#5a656a, #a5b0b3);
  --line: light-dark(#d9d5cd, #39444a); --tint: light-dark(#e4f0f0, #1c3236); --mark: light-dark(#fdeeb4, #5c4c12); --warn: light-dark(#fff4de, #33290f);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); }
:host([theme=light]) { color-scheme: light; } :host([theme=dark]) { color-scheme: dark; }
:host([side=left]) { inset: auto auto 20px 20px; }
*, *::before { box-sizing: border-box; } [hidden] { display: none !important; }
button, input, textarea { font: inherit; color: inherit; }
h2, h3, p, ul { margin: 0; padding: 0; } ul { list-style: none; }
:focus-visible { outline: 3px solid var(--a); outline-offset: 2px; }
.open, .send { min-height: 48px; padding: 0 22px; border: 0; border-radius: 999px; background: var(--a); color: var(--on); font-weight: 600; cursor: pointer; }
.open { box-shadow: 0 4px 18px rgb(0 0 0 / 22%); float: right; } :host([side=left]) .open { float: left; }
.panel { position: absolute; bottom: 0; right: 0; display: flex; flex-direction: column; width: min(400px, calc(100vw - 24px)); max-height: min(640px, calc(100vh - 40px)); background: var(--paper); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 12px 40px rgb(0 0 0 / 24%); overflow: hidden; }
:host([side=left]) .panel { right: auto; left: 0; }
.head { display: flex; align-items: center; justify-content: space-between; padding: 6px 8px 6px 18px; border-bottom: 1px solid var(--line); }
.head h2 { font-size: 17px; }
.head button { min-width: 44px; min-height: 44px; border: 0; background: none; cursor: pointer; border-radius: 10px; font-size: 22px; line-height: 1; }
.body { padding: 16px 18px; overflow-y: auto; overscroll-behavior: contain; display: grid; gap: 12px; }
input, textarea { width: 100%; min-height: 46px; padding: 9px 14px; border: 1px solid light-dark(#7c878b, #7b888d); border-radius: 12px; background: var(--paper); }
textarea { resize: vertical; } .quiet { color: var(--quiet); font-size: 14px; }
li { padding: 10px 0; border-top: 1px solid var(--line); } li:first-child { border-top: 0; }
a { color: var(--a); } li a { font-weight: 600; text-decoration: none; display: inline-block; } li a:hover { text-decoration: underline; }
li p { color: var(--quiet); font-size: 14px; margin-top: 2px; } mark { background: var(--mark); color: var(--ink); border-radius: 3px; }
.plain { min-height: 44px; padding: 0 16px; border: 1px solid light-dark(#7c878b, #7b888d); border-radius: 999px; background: none; cursor: pointer; }
li .plain { margin-top: 8px; } .offer { background: var(--tint); border-radius: 12px; padding: 8px 14px; }
.warn { background: var(--warn); border-radius: 12px; padding: 10px 14px; font-size: 14px; }
.details { display: grid; gap: 8px; } .details label { display: grid; grid-template-columns: 8em 1fr; align-items: center; gap: 8px; font-size: 14px; }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.form { display: grid; gap: 12px; } label b { display: block; margin-bottom: 4px; }`;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child != null));
    return made;
  }

  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  async function call(path, body, options = {}) {
    const send = body && { method: "POST", headers: { "Content-Type": "application/json", ...options.headers }, body: JSON.stringify(body) };
    const answer = await fetch(ROOT + path, { credentials: "omit", ...options, ...send });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.status === 204 ? null : answer.json();
  }

  function marked(text, ranges) {
    const characters = Array.from(text);
    const parts = [];
    let at = 0;
    for (const [start, end] of ranges) {
      parts.push(characters.slice(at, start).join(""), element("mark", {}, characters.slice(start, end).join("")));
      at = end;
    }
    return [...parts, characters.slice(at).join("")];
  }

  function link(item) {
    return element("a", { href: ROOT + item.url, target: "_blank", rel: "noopener", lang: item.lang === lang ? "" : TAG[item.lang] }, item.title);
  }

  // Calls `ask` with the trimmed text after a pause in typing, never while an input method composes.
  // Whatever was asked before is dropped.
  function listen(input, pause, ask) {
    let timer, request, composing = false, last = "";
    const later = () => {
      clearTimeout(timer);
      if (composing) return;
      timer = setTimeout(async () => {
        const text = input.value.trim();
        if (text === last) return;
        last = text;
        request?.abort();
        request = new AbortController();
        try {
          await ask(text, request.signal);
        } catch (error) {
          if (error.name !== "AbortError") last = "";
        }
      }, pause);
    };
    input.addEventListener("input", later);
    input.addEventListener("compositionstart", () => { composing = true; });
    input.addEventListener("compositionend", () => { composing = false; later(); });
  }

  class Widget extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.lang = TAG[lang];
      this.setAttribute("role", "complementary");
      this.setAttribute("aria-label", t.widget_open);
      this.button = element("button", { className: "open", type: "button", onclick: () => this.open() }, t.widget_open);
      this.button.setAttribute("aria-haspopup", "dialog");
      this.status = element("p", { className: "status" });
      this.status.setAttribute("role", "status");
      root.append(this.button, this.status);
    }

    open() {
      if (!this.panel) this.build();
      this.panel.hidden = false;
      this.button.hidden = true;
      this.panel.querySelector("input:not([hidden]), textarea")?.focus();
    }

    close() {
      this.panel.hidden = true;
      this.button.hidden = false;
      this.button.focus();
    }

    build() {
      this.body = element("div", { className: "body" });
      const close = element("button", { type: "button", onclick: () => this.close() }, "×");
      close.setAttribute("aria-label", t.widget_close);
      const title = element("h2", { id: "title" }, t.brand);
      this.panel = element("div", { className: "panel" }, element("div", { className: "head" }, title, close), this.body);
      this.panel.setAttribute("role", "dialog");
      this.panel.setAttribute("aria-labelledby", "title");
      this.panel.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !event.isComposing) this.close();
      });
      this.shadowRoot.append(this.panel);
      this.search();
    }

    show(...parts) {
      this.body.replaceChildren(...parts);
      this.body.querySelector("input, textarea, [tabindex]")?.focus();
    }

    search() {
      const input = element("input", { type: "search", placeholder: t.search_label, autocomplete: "off" });
      input.setAttribute("aria-label", t.search_label);
      const list = element("ul", {});
      const none = element("p", { className: "quiet", hidden: true }, t.search_live_none.split(/[.。，]/)[0]);
      listen(input, PAUSE_MS, async (q, signal) => {
        const parameters = new URLSearchParams({ q, lang, limit: "5" });
        const found = q ? (await call(`/api/v1/search?${parameters}`, null, { signal })).results : [];
        list.replaceChildren(...found.map((hit) => element("li", {}, link(hit), element("p", {}, ...marked(hit.snippet, hit.highlights)))));
        none.hidden = !q || found.length > 0;
        this.status.textContent = none.hidden ? "" : none.textContent;
      });
      const contact = element("button", { type: "button", className: "plain", onclick: () => this.contact(input.value) }, t.contact_link);
      this.show(input, list, none, contact);
    }

    contact(begun) {
      const session = random();
      const key = random();
      const text = element("textarea", { rows: 5, maxLength: 20000, required: true, value: begun });
      const hint = element("p", { className: "quiet", id: "hint" }, t.contact_hint);
      text.setAttribute("aria-describedby", "hint");
      const warning = element("p", { className: "warn", hidden: true }, t.contact_warning);
      warning.setAttribute("role", "alert");
      const offers = element("div", { className: "offer", hidden: true });
      const details = element("div", { className: "details" });
      const inputs = {};
      for (const name of ["app_version", "chain", "tx_hash", "order_id"]) {
        inputs[name] = element("input", { maxLength: 120, oninput: () => { inputs[name].corrected = true; } });
        details.append(element("label", { hidden: true }, t[`detail_${name}`], inputs[name]));
      }
      const failed = element("p", { className: "warn", hidden: true }, t.widget_failed);
      failed.setAttribute("role", "alert");
      const back = element("button", { type: "button", className: "plain", onclick: () => this.search() }, t.widget_back);
      const send = element("button", { className: "send" }, t.contact_send);
      const form = element("form", { className: "form" }, element("label", {}, element("b", {}, t.contact_label), text), hint, warning, offers, details, failed, send, back);
      const step = (name, article) => call(`/api/v1/sessions/${session}/steps`, { step: name, article }, { keepalive: true }).catch(() => {});

      listen(text, 3 * PAUSE_MS, async (written, signal) => {
        if (Array.from(written).length < CHARACTERS_MIN) return;
        const answer = await call(`/api/v1/sessions/${session}/suggest`, { text: written, lang, surface: "widget", sender: settings.sender }, { signal });
        warning.hidden = !answer.redacted.length;
        for (const [name, input] of Object.entries(inputs)) {
          if (!input.corrected) input.value = answer.details[name];
          input.parentElement.hidden = !input.value && !input.corrected;
        }
        const card = (offer) => {
          const opened = link(offer);
          opened.addEventListener("click", () => step("opened", offer.article));
          const solved = element("button", { type: "button", className: "plain", onclick: async () => {
            await step("solved", offer.article);
            this.done(t.feedback_title, t.feedback_solved);
          } }, t.contact_solved);
          return element("li", {}, opened, element("p", {}, ...offer.passage.map((part) => (part.mark ? element("mark", {}, part.text) : part.text))), solved);
        };
        offers.hidden = !answer.suggestions.length;
        offers.replaceChildren(element("b", {}, t.contact_beside), element("ul", {}, ...answer.suggestions.map(card)));
        this.status.textContent = offers.hidden ? "" : t.contact_live.replace("{n}", answer.suggestions.length);
      });

      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        send.disabled = true;
        const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]));
        try {
          const ticket = { text: text.value, channel: "widget", session, sender: settings.sender, lang, details: values };
          const sent = await call("/api/v1/tickets", ticket, { headers: { "Idempotency-Key": key } });
          this.done(t.contact_sent_title, `${t.contact_sent_number.replace("{ticket}", sent.ticket)} ${t.contact_sent_next}`);
        } catch {
          failed.hidden = false;
          send.disabled = false;
        }
      });
      this.show(form);
    }

    done(title, words) {
      const heading = element("h3", { tabIndex: -1 }, title);
      const back = element("button", { type: "button", className: "plain", onclick: () => this.search() }, t.widget_back);
      this.show(heading, element("p", {}, words), back);
      this.status.textContent = `${title} ${words}`;
    }
  }

  customElements.define("zhinan-widget", Widget);
  const add = () => {
    const widget = document.createElement("zhinan-widget");
    if (settings.theme) widget.setAttribute("theme", settings.theme);
    if (settings.side) widget.setAttribute("side", settings.side);
    document.body.append(widget);
  };
  if (document.body) add();
  else addEventListener("DOMContentLoaded", add);
})();
