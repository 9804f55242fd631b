// Suggestions beside the contact form while it is written, and what the text says about the case as
// fields that can be corrected. Sending is never held up: once this script runs, the form goes
// straight through. Nothing of the text is stored before it is sent.

const PAUSE_MS = 700;
const CHARACTERS_MIN = 6;

const form = document.querySelector("form[data-contact]");
const text = form.elements.text;
const session = form.elements.session.value;
const beside = document.querySelector("[data-beside]");
const list = document.querySelector("[data-suggestions]");
const status = document.querySelector("[data-status]");
const warning = document.querySelector("[data-warning]");
const details = form.querySelector("[data-details]");
const corrected = new Set();
let timer, request, composing = false, askedFor = "";

function post(step, body, options) {
  const headers = { "Content-Type": "application/json" };
  return fetch(`/api/v1/sessions/${session}/${step}`, { method: "POST", headers, body: JSON.stringify(body), ...options });
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function card(suggestion) {
  const lang = suggestion.lang === form.dataset.lang ? "" : suggestion.lang;
  // The form stays as it is while the article is read.
  const link = element("a", { href: suggestion.url, target: "_blank", lang }, suggestion.title);
  link.addEventListener("click", () => {
    post("steps", { step: "opened", article: suggestion.article }, { keepalive: true }).catch(() => {});
  });
  const passage = suggestion.passage.map((part) => (part.mark ? element("mark", {}, part.text) : part.text));
  const solved = element("form", { method: "post", action: `${suggestion.url}/feedback` },
    element("input", { type: "hidden", name: "session", value: session }),
    element("button", { className: "plain", name: "outcome", value: "solved" }, form.dataset.solved));
  return element("li", { className: "card" }, element("h3", {}, link), element("p", { lang }, ...passage), solved);
}

function show(answer) {
  warning.hidden = !answer.redacted.length;
  list.replaceChildren(...answer.suggestions.map(card));
  beside.hidden = !answer.suggestions.length;
  status.textContent = answer.suggestions.length ? form.dataset.live.replace("{n}", answer.suggestions.length) : "";
  let any = false;
  for (const label of details.querySelectorAll("[data-detail]")) {
    const name = label.dataset.detail;
    const input = form.elements[name];
    // What the writer has corrected is not overwritten.
    if (!corrected.has(name)) input.value = answer.details[name];
    label.hidden = !input.value && !corrected.has(name);
    any ||= !label.hidden;
  }
  details.hidden = !any;
}

async function ask() {
  // While leak_guard.js sees a secret in the text, or the beginning of one, it stays in this page.
  if (text.dataset.leak) return;
  const written = text.value.trim();
  if (written === askedFor) return;
  askedFor = written;
  request?.abort();
  if (Array.from(written).length < CHARACTERS_MIN) {
    beside.hidden = warning.hidden = true;
    return;
  }
  request = new AbortController();
  const body = { text: written, lang: form.dataset.lang, from: form.elements.from.value };
  try {
    const answer = await post("suggest", body, { signal: request.signal });
    if (answer.ok) show(await answer.json());
  } catch (error) {
    // Suggestions are a help, not a condition; the form works without them.
    if (error.name !== "AbortError") askedFor = "";
  }
}

function later() {
  clearTimeout(timer);
  if (!composing) timer = setTimeout(ask, PAUSE_MS);
}

form.elements.step.value = "send";
text.addEventListener("input", later);
text.addEventListener("compositionstart", () => { composing = true; });
text.addEventListener("compositionend", () => { composing = false; later(); });
details.addEventListener("input", (event) => corrected.add(event.target.name));
form.addEventListener("submit", () => {
  const button = form.querySelector("button[type=submit]");
  // After the form has been read, so that the button's own value is kept.
  setTimeout(() => { button.disabled = true; });
});
addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; later(); });
