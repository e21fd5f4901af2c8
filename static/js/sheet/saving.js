// Saving: each cell at once, batched while one is typing, one batch under way, one edit of a cell in a batch. An edit
// keeps its key until it is answered: sent twice, it is written once. What comes after it in the same cell waits.

import { cellFor, cellWithToken, cells, form, showResults } from "./cells.js";
import * as queue from "./queue.js";
import { send, signInAgain } from "./session.js";
import { announce, say } from "./words.js";

const GATHER = 200; // milliseconds
const MOST = 500;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
const DONE = new Set(["saved", "repeated", "unchanged"]);

const waiting = new Map(); // cell -> its edits in order; the first may have been sent already
let underWay = null;
let timer = 0;
let pause = FIRST_PAUSE;
let halted = false;

export const isWaiting = (cell) => waiting.has(cell);

export async function edit(cell, typed) {
  const edits = (waiting.get(cell) ?? []).filter((one) => one.sent);
  const made = { key: uuid(), typed, seen: cell.conflict?.version ?? cell.version, at: Date.now() };
  waiting.set(cell, [...edits, made]);
  Object.assign(cell, { conflict: null, sentence: "", refusedText: null });
  await queue.write(cell, waiting.get(cell));
  if (waiting.has(cell)) cell.state = "waiting";
  soon();
}

// Take a typed value back before it was ever sent; says whether that was possible.
export function takeBack(cell) {
  const edits = waiting.get(cell);
  if (!edits || edits.some((one) => one.sent)) return false;
  forget(cell);
  return true;
}

function forget(cell) {
  waiting.delete(cell);
  queue.remove(cell);
}

function soon(delay = GATHER) {
  if (timer) clearTimeout(timer);
  timer = setTimeout(flush, delay);
}

export async function flush({ keepalive = false } = {}) {
  clearTimeout(timer);
  timer = 0;
  if (underWay || halted) return underWay;
  const batch = [...waiting].filter(([cell]) => !cell.conflict).slice(0, MOST);
  if (!batch.length) return null;
  const edits = batch.map(([cell, [first]]) => {
    first.sent = true;
    const { student, column: { component, number } } = cell;
    return { key: first.key, student, component, number, typed: first.typed, seen: first.seen };
  });
  underWay = send(form.action, { account: queue.account, edits }, { keepalive });
  const answer = await underWay;
  underWay = null;
  return take(answer, batch);
}

async function take({ status, body }, batch) {
  if (status === 200) {
    pause = FIRST_PAUSE;
    settle(body);
  } else if (status === 401 || status === 409) {
    // 409: another account is signed in here. It is shown nothing of this, and nothing of this is saved for it.
    halted = true;
    document.dispatchEvent(new CustomEvent("sheet:halted", { detail: status === 409 ? say("other-account") : "" }));
    await signInAgain();
    halted = false;
  } else if ([400, 403, 404, 413].includes(status)) {
    for (const [cell] of batch) refuse(cell, body.sentence || say("not-taken"));
  } else {
    document.dispatchEvent(new CustomEvent("sheet:offline", { detail: true }));
    soon(pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    return;
  }
  document.dispatchEvent(new CustomEvent("sheet:offline", { detail: false }));
  if (waiting.size) soon(0);
}

// The answers to a batch, or to an act over many cells.
export function settle({ answers, results, missing }) {
  for (const answer of answers) {
    const cell = cellFor(answer);
    if (cell) settleOne(cell, answer);
  }
  showResults(results, missing);
}

function settleOne(cell, answer) {
  const edits = waiting.get(cell) ?? [];
  const [first, ...later] = edits;
  const isFirst = first?.key === answer.key;
  if (first && !isFirst) return; // of another act: the edit of this cell is still to be answered
  if (answer.status === "refused") {
    cell.version = answer.version;
    if (answer.file) cell.box.dataset.file = "";
    if (later.length) next(cell, later, answer.version);
    else refuse(cell, answer.sentence);
  } else if (answer.status === "conflict") {
    const mine = later.at(-1) ?? first;
    cell.conflict = { ...answer, theirs: answer.shown, mine: mine?.typed ?? cell.input.value };
    cell.sentence = say("conflict", answer.author, answer.at);
    waiting.set(cell, [{ ...(later.at(-1) ?? first), sent: false }]);
    cell.state = "conflict";
  } else if (DONE.has(answer.status)) {
    Object.assign(cell, { version: answer.version, saved: answer.shown, sentence: "", conflict: null, refusedText: null });
    if (later.length) return next(cell, later, answer.version);
    forget(cell);
    if (!first || cell.input !== document.activeElement || cell.input.value === first.typed) cell.show(answer.shown);
    cell.state = "saved";
  }
}

function next(cell, later, version) {
  const last = later.at(-1);
  last.seen = version;
  waiting.set(cell, [last]);
  queue.write(cell, [last]);
}

export function refuse(cell, sentence) {
  forget(cell);
  Object.assign(cell, { sentence, refusedText: cell.input.value });
  cell.state = "refused";
  announce(`${cell.name}: ${sentence}`);
}

// Keep what the other one saved.
export function takeTheirs(cell) {
  const { theirs, version } = cell.conflict;
  forget(cell);
  Object.assign(cell, { conflict: null, saved: theirs, version, sentence: "" });
  cell.show(theirs);
  cell.state = "saved";
}

// What an earlier page of this account left behind is shown again, and sent again under its own key.
export async function restore() {
  for (const [token, entries] of await queue.load()) {
    const cell = cellWithToken(token);
    if (!cell || waiting.has(cell) || !entries.length) continue;
    cell.show(entries.at(-1).typed);
    waiting.set(cell, entries.map((one) => ({ ...one, sent: true }))); // perhaps it was
    cell.state = "waiting";
  }
  if (waiting.size) soon(0);
}

export async function settled() {
  while (waiting.size && !halted && [...waiting.keys()].some((cell) => !cell.conflict)) {
    await (underWay ?? flush());
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

export const unsaved = () => waiting.size;
export const inNoQueue = () => queue.inMemoryOnly() + cells.filter((cell) => cell.refusedText !== null).length;

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

window.addEventListener("online", () => soon(0));
window.addEventListener("pageshow", () => soon(0));
document.addEventListener("visibilitychange", () => flush({ keepalive: document.hidden }));
