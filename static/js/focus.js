// After an answer, bring keyboard and screen reader to what matters: the list of errors, a conflict, or a word that it is saved.

const announcer = document.getElementById("announcer");

attend(document);
document.addEventListener("htmx:afterSettle", (event) => attend(event.target));

function attend(root) {
  const [target] = within(root, "[data-focus]");
  if (target) {
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  }
  const words = within(root, "[data-announce]").map((element) => element.textContent.trim());
  if (announcer && words.length) announcer.textContent = words.join(". ");
}

function within(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  return root.matches?.(selector) ? [root, ...found] : found;
}

// A second save that ends like the first must be heard again.
document.addEventListener("htmx:beforeRequest", () => {
  if (announcer) announcer.textContent = "";
});
