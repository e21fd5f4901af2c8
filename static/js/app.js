// What htmx does not do by itself: prove that a request comes from this page, and say so when one fails.

const problems = document.getElementById("problems");

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});

document.addEventListener("htmx:beforeRequest", () => problems.replaceChildren());
document.addEventListener("htmx:sendError", () => show("offline"));
document.addEventListener("htmx:timeout", () => show("server"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401) show("signed-out");
  else if (status === 403) show("refused", event.detail.xhr.responseText);
  else show("server");
});

// The words wait, translated, in a <template> of the page, unless the server sent a plain sentence of its own.
// The form keeps what was typed.
function show(kind, sentence = "") {
  const words = document.getElementById(`problem-${kind}`).content.cloneNode(true);
  if (sentence.trim() && !sentence.includes("<")) words.querySelector("p + p").textContent = sentence.trim();
  problems.replaceChildren(words);
  problems.scrollIntoView({ block: "nearest" });
}
