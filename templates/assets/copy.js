// A copy button on everything that is there to be copied: code in articles, replies for agents.

// Copies, and says so for two seconds.
async function copy(content, say) {
  await navigator.clipboard.writeText(content);
  say(true);
  setTimeout(() => say(false), 2000);
}

function button(source, labels) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain copy";
  made.textContent = labels.copy;
  const content = source.textContent;
  made.addEventListener("click", () => copy(content, (copied) => {
    made.textContent = copied ? labels.copied : labels.copy;
  }));
  source.append(made);
}

// A short code in a sentence is pressed itself: a button beside it would move the text.
const SHORT_CODE_MIN = 8;

function pressed(code, labels) {
  const content = code.textContent;
  if (content.length < SHORT_CODE_MIN || content.includes("…")) return;
  Object.assign(code, { role: "button", tabIndex: 0, ariaLabel: `${labels.copy}: ${content}` });
  code.classList.add("copyable");
  const press = () => copy(content, (copied) => {
    if (copied) code.dataset.copied = labels.copied;
    else delete code.dataset.copied;
  });
  code.addEventListener("click", press);
  code.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      press();
    }
  });
}

for (const element of document.querySelectorAll("[data-copy]")) {
  const labels = { copy: element.dataset.copy, copied: element.dataset.copied };
  const sources = element.matches(".prose") ? element.querySelectorAll("pre") : [element];
  for (const source of sources) button(source, labels);
  for (const code of element.querySelectorAll(".prose :not(pre, a, h2, h3) > code")) pressed(code, labels);
}
