// "Print" buttons: hidden until this runs, because without it they could do nothing.

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
