// Search as you type: a list of articles below the search box. Without this script, the form works
// as it is. `/` goes to the box, arrows move, Enter opens, Escape closes.

const PAUSE_MS = 120;
const SECRET_LIKE = /(\S+\s+){9}|(\S\s+){9}|\d([ -]?\d){11}|[A-Za-z0-9+/=]{40}/;

function combobox(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  list.className = "options";
  list.id = "options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "hidden";
  status.setAttribute("role", "status");
  form.append(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let timer, request, active = -1, composing = false, shownFor = "";

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function open() {
    if (!list.children.length) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function move(by) {
    const options = [...list.children];
    if (!options.length) return;
    open();
    options[active]?.setAttribute("aria-selected", "false");
    active = active < 0 && by < 0 ? options.length - 1 : (active + by + options.length) % options.length;
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  }

  function option(content, url, className = "") {
    const item = document.createElement("li");
    item.id = `option-${list.children.length}`;
    item.className = className;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.url = url;
    item.append(...content);
    list.append(item);
  }

  function show(query, answer) {
    list.replaceChildren();
    active = -1;
    input.removeAttribute("aria-activedescendant");
    for (const result of answer.results) {
      const title = document.createElement("b");
      title.textContent = result.title;
      if (result.lang !== form.dataset.lang) title.lang = result.lang;
      option([title, marked(result)], result.url);
    }
    const count = answer.results.length;
    status.textContent = count ? form.dataset.count.replace("{n}", count) : form.dataset.none;
    if (!count) return close();
    option([form.dataset.all], `${form.action}?q=${encodeURIComponent(query)}`, "all");
    open();
  }

  async function ask() {
    const query = input.value.trim();
    if (query === shownFor) return;
    // What may be a phrase, a card number or a key is not sent before the reader says so.
    if (SECRET_LIKE.test(query)) {
      shownFor = query;
      return close();
    }
    shownFor = query;
    request?.abort();
    if (!query) {
      list.replaceChildren();
      status.textContent = "";
      return close();
    }
    request = new AbortController();
    const parameters = new URLSearchParams({ q: query, lang: form.dataset.lang, limit: "6" });
    try {
      const answer = await fetch(`/api/v1/search?${parameters}`, { signal: request.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      show(query, await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      shownFor = "";
      status.textContent = form.dataset.failed;
      close();
    }
  }

  function later() {
    clearTimeout(timer);
    // While an input method composes, the letters are not yet what the reader means.
    if (!composing) timer = setTimeout(ask, PAUSE_MS);
  }

  input.addEventListener("input", later);
  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; later(); });
  input.addEventListener("focus", () => { if (input.value.trim() === shownFor) open(); });
  input.addEventListener("keydown", (event) => {
    // Enter and arrows belong to the input method while it is composing.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  // Before the click, so that the list is still there when it lands.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) location.assign(item.dataset.url);
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  return input;
}

// The snippet with what matched marked; ranges count characters, not UTF-16 units.
function marked(result) {
  const characters = Array.from(result.snippet);
  const span = document.createElement("span");
  if (result.lang) span.lang = result.lang;
  let at = 0;
  for (const [start, end] of result.highlights) {
    const mark = document.createElement("mark");
    mark.textContent = characters.slice(start, end).join("");
    span.append(characters.slice(at, start).join(""), mark);
    at = end;
  }
  span.append(characters.slice(at).join(""));
  return span;
}

const form = document.querySelector("form[data-search]");
const box = form && combobox(form);

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
