// What was typed and is not answered yet, kept in this browser: an opaque name of the account and of the cell, the text,
// the version that was seen, the time and the key of the edit. No name and no number of a pupil. Written before a cell
// says that it waits, kept until it is answered, at most seven days. Without storage it is kept in memory only.

import { form } from "./cells.js";
import * as vault from "./vault.js";

const PREFIX = "schoolbook.cell";
const DAYS = 7;
const DAY = 24 * 60 * 60 * 1000;
export const account = form.dataset.account;
const mine = `${PREFIX}.${account}.`;

export const isKept = works();
const onlyHere = new Set(); // cells whose text is in memory only

function works() {
  try {
    localStorage.setItem(PREFIX, "1");
    localStorage.removeItem(PREFIX);
    return true;
  } catch {
    return false;
  }
}

// entries: the edits of one cell in their order; usually one. Comments are written in cipher, which takes a moment.
export async function write(cell, entries) {
  onlyHere.add(cell.token);
  if (!isKept) return;
  if (cell.column.kind !== "text") return store(cell, entries);
  const sealed = await vault.seal(JSON.stringify(entries), account);
  if (sealed) store(cell, { sealed, at: Date.now() });
}

function store(cell, what) {
  try {
    localStorage.setItem(mine + cell.token, JSON.stringify(what));
    onlyHere.delete(cell.token);
  } catch {
    // Full: it stays in memory, and leaving the page asks first.
  }
}

export function remove(cell) {
  onlyHere.delete(cell.token);
  if (isKept) localStorage.removeItem(mine + cell.token);
}

export const inMemoryOnly = () => onlyHere.size;

// Everything of this account, by the token of the cell; what is too old goes, whoever it is of.
export async function load() {
  const found = [];
  if (!isKept) return found;
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(`${PREFIX}.`)) continue;
    const held = parse(localStorage.getItem(name));
    const at = Array.isArray(held) ? held.at(-1)?.at : held?.at;
    if (!at || Date.now() - at > DAYS * DAY) localStorage.removeItem(name);
    else if (name.startsWith(mine)) found.push([name.slice(mine.length), await opened(held)]);
  }
  return found.filter(([, entries]) => Array.isArray(entries));
}

async function opened(held) {
  return Array.isArray(held) ? held : parse(await vault.open(held.sealed, account));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
