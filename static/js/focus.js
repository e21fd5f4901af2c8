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

// The button that sent the form is disabled while it waits, and so loses the focus; an answer puts a new one in its place.
const senders = new WeakMap();

document.addEventListener("htmx:beforeRequest", (event) => {
  const { id, form } = document.activeElement;
  senders.set(event.detail.xhr, [id, form?.id]);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const [id, formId] = senders.get(event.detail.xhr) ?? [];
  if (!id || document.activeElement !== document.body) return;
  const submit = document.getElementById(formId)?.querySelector("button[type=submit]");
  (document.getElementById(id) ?? submit)?.focus({ preventScroll: true });
});
