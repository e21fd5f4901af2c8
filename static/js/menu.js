// Menus and the navigation of the top bar. A menu is a <details> and opens without this, which adds Escape, a click
// elsewhere and leaving it with the keyboard. On a narrow screen the navigation scrolls sideways to where one is.

const here = document.querySelector(".places [aria-current]");
const strip = here?.closest("nav");
if (strip && here.offsetLeft + here.offsetWidth > strip.clientWidth) strip.scrollLeft = here.offsetLeft - 64;

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}
