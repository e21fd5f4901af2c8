// Under the sheet, for the cell with the focus: what it takes, as buttons for a thumb; in comments one's own phrases.

import { cellOf, form, table } from "./cells.js";

const place = document.getElementById("cell-help");
let cell = null;
let phrases = null;

table.addEventListener("focusin", async ({ target }) => {
  cell = cellOf(target);
  if (!cell?.isOpen) return put([]);
  if (cell.column.kind === "text") return put(await ownPhrases());
  return put([...cell.column.levels, ...(cell.column.isTest ? ["V", "M"] : [])].map(button));
});

function put(parts) {
  place.replaceChildren(...parts);
  place.hidden = !parts.length;
}

function button(text) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "btn btn-secondary btn-small", textContent: text });
  made.dataset.phrase = text;
  return made;
}

async function ownPhrases() {
  phrases ??= form.dataset.phrases ? fetchPhrases() : Promise.resolve([]);
  return (await phrases).map((node) => node.cloneNode(true));
}

async function fetchPhrases() {
  try {
    const answer = await fetch(form.dataset.phrases, { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return [...new DOMParser().parseFromString(await answer.text(), "text/html").body.children];
  } catch {
    phrases = null; // perhaps next time
    return [];
  }
}

// The cell keeps the focus, so that one can type on.
place.addEventListener("pointerdown", (event) => {
  if (event.target.closest("[data-phrase]")) event.preventDefault();
});
place.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-phrase]");
  if (!chosen || !cell) return;
  const { input } = cell;
  const text = chosen.dataset.phrase;
  input.focus();
  if (cell.column.kind === "text" && input.value) {
    input.setSelectionRange(input.value.length, input.value.length);
    input.setRangeText(`${/\s$/.test(input.value) ? "" : " "}${text}`, input.value.length, input.value.length, "end");
  } else {
    input.value = text;
  }
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
