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

for (const element of document.querySelectorAll("[data-copy]")) {
  const labels = { copy: element.dataset.copy, copied: element.dataset.copied };
  const sources = element.matches(".prose") ? element.querySelectorAll("pre") : [element];
  for (const source of sources) button(source, labels);
}
