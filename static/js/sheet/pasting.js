// A block from a spreadsheet: shown first as new, changed, the same and refused; saved when that is confirmed.

import { apply, preview } from "./acts.js";
import { cellAt, cellFor, cellOf, table } from "./cells.js";
import { close, open } from "./panel.js";
import { announce, say } from "./words.js";

const VERDICTS = ["new", "changed", "same", "refused"];

table.addEventListener("paste", (event) => {
  const from = cellOf(event.target);
  const lines = blockOf(event.clipboardData?.getData("text/plain") ?? "");
  if (!from || (lines.length < 2 && lines[0].length < 2)) return; // one value: the cell's own business
  event.preventDefault();
  look(from, lines);
});

// Lines of cells parted by tabs; a cell with line breaks stands in quotation marks.
export function blockOf(text) {
  const lines = [[""]];
  let quoted = false;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < clean.length; at += 1) {
    const letter = clean[at];
    const line = lines.at(-1);
    if (letter === '"' && quoted && clean[at + 1] === '"') at += 1;
    else if (letter === '"' && (quoted || line.at(-1) === "")) { quoted = !quoted; continue; }
    else if (letter === "\t" && !quoted) { line.push(""); continue; }
    else if (letter === "\n" && !quoted) { lines.push([""]); continue; }
    line[line.length - 1] += letter;
  }
  return lines;
}

async function look(from, lines) {
  const wanted = [];
  let outside = 0;
  lines.forEach((line, down) => line.forEach((text, right) => {
    const cell = cellAt(from.row + down, from.place + right);
    if (cell) wanted.push([cell, text]);
    else outside += 1;
  }));
  const act = await preview("paste", wanted);
  const panel = open("paste", { focus: "apply" });
  if (!panel) return;
  if (act.sentence) return tell(panel, act.sentence);
  for (const verdict of VERDICTS) panel.querySelector(`[data-count="${verdict}"]`).textContent = String(act[verdict]);
  if (outside) tell(panel, say("outside", outside));
  list(panel.querySelector("tbody"), act.cells);
  const button = panel.querySelector('[name="apply"]');
  const leaveOut = panel.querySelector('[name="leave_out"]');
  leaveOut.closest("[data-refused]").hidden = act.refused === 0;
  const judge = () => { button.disabled = act.new + act.changed === 0 || (act.refused > 0 && !leaveOut.checked); };
  leaveOut.addEventListener("change", judge);
  judge();
  // What is in the way has the focus: a disabled button would lose it.
  if (act.refused) leaveOut.focus();
  else if (button.disabled) panel.querySelector("[data-close]").focus();
  panel.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const sentence = await apply(act, leaveOut.checked);
    if (sentence) return tell(panel, sentence);
    announce(say("pasted", act.new + act.changed));
    close("paste");
    return from.input.focus();
  });
}

function list(body, lines) {
  for (const line of lines.filter(({ verdict }) => verdict !== "same")) {
    const row = body.insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = cellFor(line)?.name ?? "";
    row.append(name);
    for (const text of [say(`verdict-${line.verdict}`), line.before, line.after, line.sentence]) row.insertCell().textContent = text ?? "";
  }
  body.closest(".table-scroll").hidden = !body.rows.length;
}

function tell(panel, sentence) {
  const problem = panel.querySelector("[data-problem]");
  problem.textContent = sentence;
  problem.hidden = false;
}
