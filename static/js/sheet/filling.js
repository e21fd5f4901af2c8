// One value into all empty cells of a column, from a button in its heading.

import { apply, preview } from "./acts.js";
import { cells, columns } from "./cells.js";
import { close, open } from "./panel.js";
import { read } from "./typed.js";
import { announce, say } from "./words.js";

for (const column of columns) {
  if (!cells.some((cell) => cell.column === column && cell.isOpen)) continue;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "column-menu", textContent: "▾", title: say("fill-column") });
  button.setAttribute("aria-label", say("fill-this", column.head.dataset.name));
  button.addEventListener("click", () => ask(column));
  column.head.append(button);
}

function ask(column) {
  const panel = open("fill", { focus: "value" });
  if (!panel) return;
  const box = panel.querySelector("form");
  const empty = cells.filter((cell) => cell.column === column && cell.isEmpty);
  panel.querySelector("[data-about]").textContent = say("fill-about", column.head.dataset.name, empty.length);
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sentence = await fill(column, box.elements.value.value, empty);
    const problem = panel.querySelector("[data-problem]");
    if (!sentence) return close("fill");
    problem.textContent = sentence;
    return problem.hidden = false;
  });
}

async function fill(column, text, empty) {
  const { shown, problem } = read(text, column);
  if (problem) return say(`refused-${problem}`, text, column.levels.join(", "));
  if (!shown || !empty.length) return say("nothing-to-fill");
  const act = await preview("fill", empty.map((cell) => [cell, shown]));
  if (act.sentence) return act.sentence;
  const sentence = await apply(act);
  if (!sentence) announce(say("filled", act.new + act.changed));
  return sentence;
}
