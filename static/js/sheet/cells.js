// The cells of the sheet: what each holds, in which version, and what became of what was typed there.

export const form = document.getElementById("sheet-form");
export const table = document.getElementById("sheet");

const byInput = new Map();
const byToken = new Map();
const byKey = new Map();
export const rows = [];
export const columns = form.elements.columns.value.split(",").map((id) => {
  const head = table.querySelector(`th[data-column="${id}"]`);
  const [component, number] = id.split("-");
  const { kind, levels, test } = head.dataset;
  return { id, component, number: Number(number), head, kind, levels: levels ? levels.split("|") : [], isTest: test !== undefined };
});

class Cell {
  constructor(row, place, column, input) {
    Object.assign(this, { row: row.index, student: row.student, place, column, input });
    this.box = input.closest("td");
    this.isOpen = !input.readOnly;
    this.version = Number(row.versions[place]) || 0;
    this.token = `${row.token}:${column.id}`;
    this.saved = this.box.dataset.saved ?? input.value; // as the server holds it
    this.sentence = "";
    this.conflict = null;
    this.refusedText = null; // typed, refused, and in no queue
  }

  get state() { return this.box.dataset.state ?? ""; }

  set state(state) {
    if (state) this.box.dataset.state = state;
    else delete this.box.dataset.state;
    if (state === "refused") this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    document.dispatchEvent(new CustomEvent("sheet:state", { detail: this }));
  }

  get name() {
    const ids = this.input.getAttribute("aria-labelledby").split(" ");
    const [pupil, ...heads] = ids.map((id) => document.getElementById(id).textContent.trim());
    return `${pupil}, ${heads.join(" ")}`;
  }

  get isEmpty() { return this.isOpen && this.saved === "" && this.input.value === ""; }

  show(text) { this.input.value = text; }
}

for (const line of table.tBodies[0].rows) {
  const { student, token, versions } = line.dataset;
  const row = { index: rows.length, student: Number(student), token, versions: versions.split(","), line };
  row.cells = [...line.querySelectorAll(".mark > input, .mark > textarea")].map((input, place) => {
    const cell = new Cell(row, place, columns[place], input);
    byInput.set(input, cell);
    byToken.set(cell.token, cell);
    byKey.set(`${cell.student}-${cell.column.id}`, cell);
    return cell;
  });
  rows.push(row);
}

export const cells = [...byInput.values()];
export const cellOf = (input) => byInput.get(input);
export const cellWithToken = (token) => byToken.get(token);
export const cellAt = (row, place) => rows[row]?.cells[place];
export const cellFor = ({ student, component, number }) => byKey.get(`${student}-${component}-${number}`);

// Computed figures and what is missing, as an answer of the server tells them.
export function showResults(results, missing) {
  for (const { student, line } of rows) {
    for (const box of line.querySelectorAll("[data-period]")) {
      const shown = results?.[student]?.[box.dataset.period];
      if (shown === undefined) continue;
      // A figure that was there leads to its working; one that is new does so when the page is opened again.
      const holder = box.querySelector("a:not(.over-mark)") ?? box;
      if (holder.firstChild?.nodeType === Node.TEXT_NODE) holder.firstChild.data = shown;
      else holder.prepend(shown);
    }
  }
  document.dispatchEvent(new CustomEvent("sheet:missing", { detail: missing }));
}
