// The sheet: each module minds one thing. Without them the page is a form with a button, which this puts away.

import "./asking.js";
import { cells, form } from "./cells.js";
import "./conflicts.js";
import { commitAll, enter } from "./entering.js";
import "./filling.js";
import "./help.js";
import "./history.js";
import "./keys.js";
import "./leaving.js";
import "./pasting.js";
import { flush, restore } from "./saving.js";
import "./status.js";

form.classList.add("is-live");
for (const { input, column } of cells) if (column.kind === "mark" || column.kind === "whole") input.inputMode = "decimal";
form.addEventListener("submit", (event) => {
  event.preventDefault();
  commitAll();
  flush();
});
restore().then(() => {
  // Kept by the server from before signing in again, without this.
  for (const cell of cells) if (cell.state === "unsaved") enter(cell, cell.input.value);
});
document.documentElement.dataset.sheet = "ready";
