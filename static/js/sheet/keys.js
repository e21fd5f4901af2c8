// The keyboard: Enter goes down, Tab right, arrows move, Escape restores, F2 edits, Ctrl+Z takes the last act back.

import { cellAt, cellOf, columns, rows, table } from "./cells.js";
import { undo } from "./acts.js";
import { visit } from "./panel.js";
import { begin, commit, isTouched, restore } from "./entering.js";

let editing = null; // the cell in which arrows move the caret

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function go(cell, down, right) {
  const target = cellAt(cell.row + down, cell.place + right);
  if (target) target.input.focus();
  return Boolean(target);
}

table.addEventListener("focusin", ({ target }) => {
  const cell = cellOf(target);
  if (!cell) return;
  editing = null;
  begin(cell);
  target.select();
});

table.addEventListener("focusout", ({ target }) => commit(cellOf(target)));

// A second click, or typing a comment: from now on arrows move in the text.
table.addEventListener("pointerdown", ({ target }) => {
  if (cellOf(target) && target === document.activeElement) editing = cellOf(target);
});
table.addEventListener("input", ({ target }) => {
  const cell = cellOf(target);
  if (cell?.column.kind === "text") editing = cell;
});

table.addEventListener("keydown", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.isComposing || event.altKey) return;
  if (handle(event, cell)) event.preventDefault();
});

function handle(event, cell) {
  const { key, shiftKey } = event;
  const control = event.ctrlKey || event.metaKey;
  if (control) return withControl(key, cell);
  if (key === "Enter") {
    if (shiftKey && cell.column.kind === "text") return false; // a new line
    commit(cell);
    if (!go(cell, shiftKey ? -1 : 1, 0)) cell.input.select();
    return true;
  }
  if (key === "Escape") return leave(cell);
  if (key === "F2") return edit(cell);
  if (key === "F6") return visit();
  if (editing === cell || shiftKey) return false;
  if (key in STEPS) {
    commit(cell);
    if (!go(cell, ...STEPS[key])) cell.input.select();
    return true;
  }
  if (key === "Home") return go(cell, 0, -cell.place);
  if (key === "End") return go(cell, 0, columns.length - 1 - cell.place);
  return false;
}

function withControl(key, cell) {
  if (key === "Home") return go(cell, -cell.row, -cell.place);
  if (key === "End") return go(cell, rows.length - 1 - cell.row, columns.length - 1 - cell.place);
  if (key.toLowerCase() !== "z" || isTouched(cell)) return false;
  undo();
  return true;
}

function leave(cell) {
  restore(cell);
  editing = null;
  cell.input.select();
  return true;
}

function edit(cell) {
  editing = cell;
  const end = cell.input.value.length;
  cell.input.setSelectionRange(end, end);
  return true;
}
