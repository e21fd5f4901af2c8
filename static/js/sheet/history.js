// The history of the cell with the focus, beside the sheet; without this, or if it cannot be had, the link leads to it.

import { cellOf, table } from "./cells.js";
import { open } from "./panel.js";

const link = document.getElementById("cell-history-link");

table.addEventListener("focusin", ({ target }) => point(cellOf(target)));
document.addEventListener("sheet:state", ({ detail }) => {
  if (detail.input === document.activeElement) point(detail);
});

function point(cell) {
  if (!cell) return;
  const { component, number } = cell.column;
  link.hidden = !cell.version;
  link.href = `${link.dataset.base}students/${cell.student}/${component}/${number}/history/`;
}

link.addEventListener("click", async (event) => {
  event.preventDefault();
  const address = link.href;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const panel = open("history", { focus: "close" });
    if (panel) panel.querySelector("[data-history]").replaceChildren(...told.children);
  } catch {
    location.assign(address);
  }
});
