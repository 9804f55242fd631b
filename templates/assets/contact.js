// Suggestions beside the contact form while it is written. Sending is never held up: once this
// script runs, the form goes straight through. Nothing is stored before it is sent.

const PAUSE_MS = 700;
const CHARACTERS_MIN = 6;
const SUGGESTIONS_MAX = 3;

const form = document.querySelector("form[data-contact]");
const text = form.elements.text;
const beside = document.querySelector("[data-beside]");
const list = document.querySelector("[data-suggestions]");
const status = document.querySelector("[data-status]");
const warning = document.querySelector("[data-warning]");
const prefix = `/${form.dataset.lang}/`;
let timer, request, composing = false, askedFor = "";

function post(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

function report(article, outcome) {
  // It may be sent while the page is being left.
  const body = JSON.stringify({ article, outcome });
  fetch("/api/v1/feedback", { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
}

// The page of the article in the language of this form.
function here(url) {
  return url.replace(/^\/[^/]+\//, prefix);
}

function card(suggestion) {
  const item = document.createElement("li");
  item.className = "card";
  const title = document.createElement("h3");
  const link = document.createElement("a");
  link.href = here(suggestion.url);
  // The form stays as it is while the article is read.
  link.target = "_blank";
  link.textContent = suggestion.title;
  link.lang = suggestion.lang;
  link.addEventListener("click", () => report(suggestion.article, "opened"));
  title.append(link);
  const summary = document.createElement("p");
  summary.textContent = suggestion.summary;
  summary.lang = suggestion.lang;
  const solved = document.createElement("form");
  solved.method = "post";
  solved.action = `${prefix}articles/${suggestion.article}/feedback`;
  const button = document.createElement("button");
  button.className = "plain";
  button.name = "outcome";
  button.value = "solved";
  button.textContent = form.dataset.solved;
  solved.append(button);
  item.append(title, summary, solved);
  return item;
}

function show(answer) {
  warning.hidden = !answer.redactions.length;
  const suggestions = answer.suggestions.slice(0, SUGGESTIONS_MAX);
  list.replaceChildren(...suggestions.map(card));
  beside.hidden = !suggestions.length;
  status.textContent = suggestions.length ? form.dataset.live.replace("{n}", suggestions.length) : "";
  form.elements.step.value = "send";
}

async function ask() {
  // While leak_guard.js sees a secret in the text, or the beginning of one, it stays in this page.
  if (text.dataset.leak) return;
  const written = text.value.trim();
  if (written === askedFor) return;
  askedFor = written;
  request?.abort();
  if (Array.from(written).length < CHARACTERS_MIN) {
    beside.hidden = true;
    warning.hidden = true;
    return;
  }
  request = new AbortController();
  try {
    const answer = await post("/api/v1/suggest", { text: written, channel: "form" }, request.signal);
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

text.addEventListener("input", later);
text.addEventListener("compositionstart", () => { composing = true; });
text.addEventListener("compositionend", () => { composing = false; later(); });
form.addEventListener("submit", () => {
  const button = form.querySelector("button[type=submit]");
  // After the form has been read, so that the button's own value is kept.
  setTimeout(() => { button.disabled = true; });
});
addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; later(); });
