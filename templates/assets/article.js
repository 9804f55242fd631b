// An article on a page with scripts: a button that prints it. Without this script, browsers print it
// all the same.

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
