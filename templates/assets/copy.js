// A copy button on everything that is there to be copied: code in articles, replies for agents.

function button(source, labels) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "plain copy";
  copy.textContent = labels.copy;
  const content = source.textContent;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(content);
    copy.textContent = labels.copied;
    setTimeout(() => { copy.textContent = labels.copy; }, 2000);
  });
  source.append(copy);
}

// A short code in a sentence is pressed itself: a button beside it would move the text.
const SHORT_CODE_MIN = 8;

function pressed(code, labels) {
  const content = code.textContent;
  if (content.length < SHORT_CODE_MIN || content.includes("…")) return;
  Object.assign(code, { role: "button", tabIndex: 0, ariaLabel: `${labels.copy}: ${content}` });
  code.classList.add("copyable");
  const copy = async () => {
    await navigator.clipboard.writeText(content);
    code.dataset.copied = labels.copied;
    setTimeout(() => { delete code.dataset.copied; }, 2000);
  };
  code.addEventListener("click", copy);
  code.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      copy();
    }
  });
}

for (const element of document.querySelectorAll("[data-copy]")) {
  const labels = { copy: element.dataset.copy, copied: element.dataset.copied };
  const sources = element.matches(".prose") ? element.querySelectorAll("pre") : [element];
  for (const source of sources) button(source, labels);
  for (const code of element.querySelectorAll(".prose :not(pre, a, h2, h3) > code")) pressed(code, labels);
}
