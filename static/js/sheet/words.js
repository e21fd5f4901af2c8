// The sentences of the page wait, translated, in a template; {0} and {1} stand for what is put into them.

const words = document.getElementById("sheet-words").content;

export function say(name, ...values) {
  const text = words.querySelector(`[data-word="${name}"]`).textContent.trim();
  return text.replace(/\{(\d)\}/g, (_whole, place) => String(values[place] ?? ""));
}

export function template(name) {
  return document.getElementById(`panel-${name}`).content.cloneNode(true);
}

export function announce(text) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  announcer.textContent = text;
}
