// The one panel under the sheet: signing in, a conflict, filling a column, what a paste would do. One that comes by
// itself leaves the focus where somebody is typing, and F6 leads to it; one that was asked for takes the focus.

import { announce, say, template } from "./words.js";

const place = document.getElementById("sheet-panel");
let shown = null;
let back = null;

// Shows a panel in place of the one that is there; signing in stays until it is done.
export function open(name, { focus = "", onClose = null } = {}) {
  if (shown?.name === "sign-in" && name !== "sign-in") return null;
  shown?.onClose?.();
  if (focus) back = document.activeElement;
  shown = { name, onClose };
  place.replaceChildren(template(name));
  place.hidden = false;
  place.setAttribute("aria-labelledby", `${name}-title`);
  if (focus) place.querySelector(`[name="${focus}"]`).focus();
  else announce(`${place.querySelector("h2").textContent}. ${say("to-panel")}`);
  return place;
}

// To the panel, or back from it; says whether there is one.
export function visit() {
  if (!shown) return false;
  back = document.activeElement;
  (place.querySelector("input:not([disabled])") ?? place).focus();
  return true;
}

export function close(name = shown?.name) {
  if (!shown || shown.name !== name) return;
  const { onClose } = shown;
  shown = null;
  place.hidden = true;
  place.replaceChildren();
  onClose?.();
  if (document.activeElement === document.body) back?.focus({ preventScroll: true });
}

export const isOpen = (name) => shown?.name === name;

place.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
});
place.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown?.name !== "sign-in") close();
});
