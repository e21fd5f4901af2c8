// The ways to ask for an unlock or a correction of the cell with the focus; without this the notes under the sheet and
// the links beside the pupils lead there.

import { cellOf, table } from "./cells.js";

const ask = document.getElementById("cell-ask-link");
const file = document.getElementById("cell-file-link");

table.addEventListener("focusin", ({ target }) => {
  const cell = cellOf(target);
  if (!cell) return;
  const { student, column: { component, number } } = cell;
  const notes = (target.dataset.notes ?? target.getAttribute("aria-describedby") ?? "").split(" ");
  const isAskable = !cell.isOpen && notes.some((id) => document.getElementById(id)?.dataset.askable !== undefined);
  point(ask, isAskable, { student, component, number });
  point(file, cell.box.dataset.file !== undefined, { student, cell: `${component}:${number}` });
});

function point(link, isShown, query) {
  if (!link) return;
  link.hidden = !isShown;
  link.href = `${link.dataset.base}&${new URLSearchParams(query)}`;
}
