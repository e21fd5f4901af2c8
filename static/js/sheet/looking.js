// A sheet that is closed as a whole: the cell one points at, or walks to with the arrow keys, says under the table what
// it holds, and leads to its history, an unlock, a correction. Without this each row has a link.

const table = document.getElementById("sheet");
const line = document.getElementById("cell-line");
const foot = line.closest(".sheet-foot");
const columns = foot.dataset.columns.split(",");
const links = Object.fromEntries(["history", "ask", "file"].map((name) => [name, document.getElementById(`cell-${name}-link`)]));
const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll(".mark:not(.average)")]);
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

foot.parentElement.hidden = false;
table.setAttribute("role", "grid");
rows.flat().forEach((box, place) => { box.tabIndex = place ? -1 : 0; });

function at(box) {
  const row = rows.findIndex((boxes) => boxes.includes(box));
  return row < 0 ? null : { row, place: rows[row].indexOf(box) };
}

table.addEventListener("focusin", ({ target }) => {
  const found = at(target.closest("td"));
  if (!found) return;
  const box = rows[found.row][found.place];
  for (const one of rows.flat()) one.tabIndex = one === box ? 0 : -1;
  describe(box, columns[found.place]);
});

table.addEventListener("click", ({ target }) => {
  const box = target.closest("td");
  if (!target.closest("a") && at(box)) box.focus();
});

table.addEventListener("keydown", (event) => {
  const found = MOVES[event.key] && at(event.target);
  if (!found) return;
  const [down, right] = MOVES[event.key];
  const next = rows[found.row + down]?.[found.place + right];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

function describe(box, id) {
  const { student } = box.closest("tr").dataset;
  const [component, number] = id.split("-");
  const text = (name) => document.getElementById(name)?.textContent.trim() ?? "";
  const head = table.querySelector(`th[data-column="${id}"]`).dataset.name;
  const words = box.cloneNode(true);
  for (const one of words.querySelectorAll("del, a")) one.remove();
  const held = words.textContent.replace(/\s+/g, " ").trim();
  line.textContent = `${text(`p${student}`)}, ${head}${held ? `: ${held}` : ""}`;
  point("history", true, (base) => `${base}students/${student}/${component}/${number}/history/`);
  const query = (more) => (base) => `${base}&${new URLSearchParams({ student, ...more })}`;
  point("ask", true, query({ component, number }));
  point("file", box.dataset.file !== undefined, query({ cell: `${component}:${number}` }));
}

function point(name, isShown, address) {
  const link = links[name];
  if (!link) return;
  link.hidden = !isShown;
  link.href = address(link.dataset.base);
}
