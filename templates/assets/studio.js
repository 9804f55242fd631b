// The editor: saves the draft after every pause and shows the answer's side (findings, preview,
// differences) in place. Without this script the form has a button that does the same.

const root = document.querySelector("[data-studio]");
const form = root.querySelector("[data-form]");
const [saving, notSaved] = root.dataset.strings.split("|");
const PAUSE_MS = 1200;
let timer;
let running = false;
let again = false;

const status = () => root.querySelector("[data-side] [role=status]");

async function save() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  status().textContent = saving;
  const body = new URLSearchParams(new FormData(form));
  body.set("part", "side");
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    if (answer.status === 412) {
      // Somebody else has saved: the page that joins both edits.
      clearTimeout(timer);
      form.requestSubmit(form.querySelector("[value=save]"));
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.text());
  } catch {
    status().textContent = notSaved;
    status().classList.add("unfilled");
  }
  running = false;
  if (again) {
    again = false;
    save();
  }
}

function show(html) {
  const side = new DOMParser().parseFromString(html, "text/html").querySelector("[data-side]");
  if (!side) return;
  for (const old of root.querySelectorAll("[data-side] [data-preview]")) {
    const fresh = side.querySelector(`[data-preview="${old.dataset.preview}"]`);
    if (fresh) fresh.open = old.open;
  }
  form.elements.version.value = side.dataset.version;
  for (const other of root.querySelectorAll("[data-follows]")) other.value = side.dataset.version;
  root.querySelector("[data-side]").replaceWith(document.adoptNode(side));
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE_MS);
});
form.addEventListener("submit", () => clearTimeout(timer));
