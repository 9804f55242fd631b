// The console by keyboard: j/k move, Enter opens, 1–5 choose, c copies, u used, w wrong, n ignores,
// e escalates, q back to the queue, ? help. Without this script every step is a link or a form.
// Single keys can be switched off in the help, and never act while something is being typed.

const root = document.querySelector("[data-console]");
const kind = root.dataset.console;
const status = root.querySelector("[data-status]");
const dialog = document.querySelector("dialog.keys");
const off = dialog?.querySelector("[data-keys-off]");
const OFF = "zhinan-keys-off";

function say(text) {
  if (!status) return;
  status.classList.remove("hidden");
  status.classList.add("notice", "toast");
  status.textContent = text;
}

// Suggestions by number, and the one that keys are about.
const suggestions = [...root.querySelectorAll("[data-number]")].sort((a, b) => a.dataset.number - b.dataset.number);
let chosen = suggestions[0];

function choose(suggestion) {
  if (!suggestion) return;
  chosen?.classList.remove("chosen");
  chosen = suggestion;
  chosen.classList.add("chosen");
  chosen.focus({ preventScroll: true });
  chosen.scrollIntoView({ block: "nearest" });
}

// What is copied, in the form that is wanted. The reply is text; its link gets the article's title.
const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function markdown(text, { url, title }) {
  return url ? text.replaceAll(url, `[${title}](${url})`) : text;
}

function html(text, { url, title }) {
  const paragraphs = text.trim().split(/\n{2,}/).map((p) => `<p>${escaped(p).replaceAll("\n", "<br>")}</p>`);
  const whole = paragraphs.join("\n");
  return url ? whole.replaceAll(escaped(url), `<a href="${escaped(url)}">${escaped(title)}</a>`) : whole;
}

let warnedAbout = "";

async function copy(suggestion, form) {
  const area = suggestion?.querySelector("[data-reply]");
  if (!area) return;
  const text = area.value;
  // A placeholder that nobody filled must not reach a customer by accident; a second press insists.
  const open = text.match(/\{\{\s*[a-z_]+\s*\}\}/);
  if (open && warnedAbout !== text && root.dataset.fill) {
    warnedAbout = text;
    area.focus();
    area.setSelectionRange(open.index, open.index + open[0].length);
    return say(root.dataset.fill.replace("{name}", open[0]));
  }
  if (form === "html") {
    const rich = html(text, suggestion.dataset);
    const blob = (type, content) => new Blob([content], { type });
    await navigator.clipboard.write([new ClipboardItem({ "text/html": blob("text/html", rich), "text/plain": blob("text/plain", rich) })]);
  } else {
    await navigator.clipboard.writeText(form === "markdown" ? markdown(text, suggestion.dataset) : text);
  }
  say(root.dataset.copied);
}

for (const copies of root.querySelectorAll("[data-copies]")) {
  copies.hidden = false;
  copies.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-as]");
    if (button) copy(copies.closest("[data-number]"), button.dataset.copyAs);
  });
}

// A reply that was changed before it was used is edited.
for (const area of root.querySelectorAll("textarea[data-reply]")) {
  const used = area.closest("[data-number]").querySelector("[data-outcome=used]");
  area.addEventListener("input", () => { if (used) used.value = area.value === area.defaultValue ? "used" : "edited"; });
}

// The queue: one line is current.
const lines = [...root.querySelectorAll("[data-line]")];

function move(by) {
  if (kind !== "queue") return choose(suggestions[Math.min(Math.max(suggestions.indexOf(chosen) + by, 0), suggestions.length - 1)]);
  const at = lines.indexOf(document.activeElement);
  lines[Math.min(Math.max(at + by, 0), lines.length - 1)]?.focus();
}

const click = (selector, inside = root) => inside?.querySelector(selector)?.click();
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  c: () => copy(chosen, "text"),
  u: () => click("[data-outcome=used]", chosen),
  w: () => click("[data-outcome=wrong]", chosen),
  n: () => click("[data-ignore]"),
  e: () => click("[data-escalate]"),
  q: () => location.assign("/agent"),
  "?": () => dialog?.showModal(),
};

addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing && event.key === "Escape") return choose(event.target.closest("[data-number]") ?? chosen);
  if (typing || localStorage.getItem(OFF)) return;
  const number = /^[1-5]$/.test(event.key) && suggestions.find((s) => s.dataset.number === event.key);
  const act = number ? () => choose(number) : Object.hasOwn(KEYS, event.key) && KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

if (off) {
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener("change", () => {
    if (off.checked) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  });
}
for (const button of root.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog?.showModal());
}
if (kind === "ticket" && chosen) chosen.classList.add("chosen");
