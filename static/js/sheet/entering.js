// From what is typed to an edit: the text becomes visible as it will be saved, or is refused in its place.

import { edit, isWaiting, refuse, takeBack } from "./saving.js";
import { cellOf, cells } from "./cells.js";
import * as acts from "./done.js";
import { read } from "./typed.js";
import { say } from "./words.js";

let before = null; // what the cell with the focus held when it got it

export function begin(cell) {
  before = { cell, text: cell.input.value };
}

export const isTouched = (cell) => before?.cell === cell && before.text !== cell.input.value;

// Take what stands in the cell, if it is something new.
export function commit(cell) {
  if (!cell?.isOpen || !isTouched(cell)) return;
  const undo = { cell, text: before.text };
  if (enter(cell, cell.input.value)) acts.note(undo);
  begin(cell);
}

// Put a text into a cell; says whether it became an edit.
export function enter(cell, text) {
  const { shown, problem } = read(text, cell.column);
  if (problem) {
    cell.show(text);
    refuse(cell, say(`refused-${problem}`, text, cell.column.levels.join(", ")));
    return false;
  }
  cell.show(shown);
  if (shown === cell.saved && !cell.conflict && (!isWaiting(cell) || takeBack(cell))) {
    Object.assign(cell, { sentence: "", refusedText: null });
    cell.state = "";
    return false;
  }
  edit(cell, shown);
  return true;
}

// Back to what stood there when the cell got the focus; where that was refused, to what is saved.
export function restore(cell) {
  if (isTouched(cell)) return cell.show(before.text);
  if (cell.refusedText === null) return undefined;
  cell.show(cell.saved);
  Object.assign(cell, { sentence: "", refusedText: null });
  cell.state = "";
  return begin(cell);
}

// Before the page goes: what is typed and not yet left.
export const commitAll = () => cells.includes(cellOf(document.activeElement)) && commit(cellOf(document.activeElement));
