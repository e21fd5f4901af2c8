// Ask before a page with unsaved changes is left: forms with data-warn-unsaved.
// data-unsaved marks one that the server sent back unsaved; a link with data-discard leaves on purpose.

let leaving = false;

document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("hx-post")) leaving = true;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("a[data-discard]")) leaving = true;
});
window.addEventListener("pageshow", () => { leaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (!leaving && [...document.querySelectorAll("form[data-warn-unsaved]")].some(changed)) event.preventDefault();
});

function changed(form) {
  return form.hasAttribute("data-unsaved") || [...form.elements].some(differs);
}

function differs(control) {
  if (control.type === "hidden") return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.options) {
    const options = [...control.options];
    const declared = options.some((option) => option.defaultSelected);
    return options.some((option, index) => option.selected !== (declared ? option.defaultSelected : index === 0));
  }
  return "defaultValue" in control && control.value !== control.defaultValue;
}
