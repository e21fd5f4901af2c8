// The line under the sheet: how many cells are saved, waiting, refused, to decide; and words about the one with the focus.

import { cellOf, cells, table } from "./cells.js";
import { isKept } from "./queue.js";
import { say } from "./words.js";

const place = document.getElementById("sheet-status");
const line = document.getElementById("cell-line");
const model = document.getElementById("sheet-counts").content;
const missing = document.getElementById("sheet-missing");
const COUNTED = ["saved", "waiting", "refused", "conflict"];
let trouble = isKept ? "" : say("memory-only");
let focused = null;
let drawing = 0;

document.addEventListener("sheet:state", ({ detail }) => {
  if (detail === focused) describe();
  drawing ||= requestAnimationFrame(draw);
});
document.addEventListener("sheet:offline", ({ detail }) => {
  trouble = detail ? say("offline") : isKept ? "" : say("memory-only");
  draw();
});
document.addEventListener("sheet:halted", ({ detail }) => {
  trouble = detail;
  draw();
});
document.addEventListener("sheet:missing", ({ detail }) => {
  const part = document.getElementById("sheet-left").content.querySelector(detail ? "[data-some]" : "[data-none]");
  const copy = part.firstElementChild.cloneNode(true);
  swap(copy, detail);
  missing.replaceChildren(copy);
});

// The words are those of the server, with a 7 where the number goes.
function swap(element, count) {
  const words = element.querySelector("span:last-child");
  words.textContent = words.textContent.replace("7", String(count));
}

function draw() {
  drawing = 0;
  const counts = COUNTED.map((state) => cells.filter((cell) => cell.state === state).length);
  const list = model.firstElementChild.cloneNode(true);
  [...list.children].forEach((item, place) => {
    if (counts[place] || place === 0) swap(item.firstElementChild, counts[place]);
    else item.remove();
  });
  place.hidden = false;
  place.replaceChildren(list);
  if (trouble) place.append(Object.assign(document.createElement("p"), { className: "sheet-trouble", textContent: trouble }));
}

function describe() {
  const reasons = (focused.input.dataset.notes ?? "").split(" ").filter(Boolean).map((id) => document.getElementById(id).textContent.trim());
  const word = focused.state ? say(`state-${focused.state}`) : "";
  const about = [word, focused.sentence, ...reasons].filter(Boolean).join(" · ");
  line.textContent = about ? `${focused.name}: ${about.replace(/\s+/g, " ")}` : focused.name;
}

table.addEventListener("focusin", ({ target }) => {
  const cell = cellOf(target);
  if (!cell) return;
  if (target.dataset.notes === undefined) target.dataset.notes = target.getAttribute("aria-describedby") ?? "";
  focused = cell;
  describe();
  target.setAttribute("aria-describedby", `cell-line ${target.dataset.notes}`.trim());
});

if (trouble) draw();
