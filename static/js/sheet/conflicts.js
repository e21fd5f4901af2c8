// Two people changed one cell: both values, who and when; one chooses.

import { cells } from "./cells.js";
import { begin } from "./entering.js";
import { close, isOpen, open } from "./panel.js";
import { edit, takeTheirs } from "./saving.js";
import { say } from "./words.js";

const open_ = () => cells.find((cell) => cell.conflict);

document.addEventListener("sheet:state", ({ detail }) => {
  if (detail.state === "conflict" && !isOpen("conflict")) show(detail);
});

function show(cell) {
  const panel = open("conflict");
  if (!panel) return;
  const { theirs, mine, author, at } = cell.conflict;
  const put = (name, text) => { panel.querySelector(`[data-${name}]`).textContent = text || say("empty"); };
  put("about", `${cell.name}: ${say("conflict", author, at)}`);
  put("theirs", theirs);
  put("mine", mine);
  panel.querySelector("[data-keep]").addEventListener("click", () => decide(cell, () => edit(cell, mine)));
  panel.querySelector("[data-take]").addEventListener("click", () => decide(cell, () => takeTheirs(cell)));
}

function decide(cell, act) {
  act();
  close("conflict");
  const next = open_();
  if (next) return show(next);
  cell.input.focus();
  return begin(cell);
}
