// The way to ask for an unlock of the closed cell with the focus; without this the notes under the sheet lead there.

import { cellOf, table } from "./cells.js";

const link = document.getElementById("cell-ask-link");

table.addEventListener("focusin", ({ target }) => {
  const cell = cellOf(target);
  if (!link || !cell) return;
  const notes = (target.dataset.notes ?? target.getAttribute("aria-describedby") ?? "").split(" ");
  link.hidden = cell.isOpen || !notes.some((id) => document.getElementById(id)?.dataset.askable !== undefined);
  const { component, number } = cell.column;
  link.href = `${link.dataset.base}&${new URLSearchParams({ student: cell.student, component, number })}`;
});
