// What a person types into a cell, as it will be saved: the same rule as gradebook/rules/typed.py, tried with the same
// examples. The server has the last word; this makes it visible before.

const LONGEST_TEXT = 1000;
const LONGEST_NOTE = 200;
const ABSENT = /^(?:v|vắng|vang)(?:\s+(.*))?$/iu;
const ZERO = /^(?:0v|cđv|cdv)(?:\s+(.*))?$/iu;
const EXEMPT = new Set(["m", "mg", "mien", "mien giam"]);
const SPELT = {
  "Đ|CĐ": { dat: "Đ", "chua dat": "CĐ" },
  "T|H|C": { "hoan thanh tot": "T", "hoan thanh": "H", "chua hoan thanh": "C" },
  "T|Đ|C": { tot: "T", dat: "Đ", "can co gang": "C" },
};

// {shown} or {problem}: the name of the sentence that says why not.
export function read(typed, { kind, levels = [], isTest = false }) {
  if (kind === "text") return readText(typed);
  const text = tidy(typed);
  if (!text || text === "-") return { shown: "" };
  const absent = ABSENT.exec(text);
  const zero = ZERO.exec(text);
  if (absent || zero || EXEMPT.has(plain(text))) {
    if (!isTest) return { problem: "column" };
    const note = tidy((absent ?? zero)?.[1] ?? "");
    if (note.length > LONGEST_NOTE) return { problem: "long" };
    if (zero) return note ? { shown: `0V ${note}` } : { problem: "decision" };
    return { shown: absent ? `V ${note}`.trim() : "M" };
  }
  return kind === "level" ? readLevel(text, levels) : readMark(text, kind);
}

function readMark(text, kind) {
  const tenths = tenthsOf(text);
  if (tenths === null) return { problem: "mark" };
  if (kind === "whole" && tenths % 10) return { problem: "whole" };
  const whole = Math.floor(tenths / 10);
  return { shown: tenths % 10 ? `${whole},${tenths % 10}` : String(whole) };
}

function tenthsOf(text) {
  if (/^(?:[0-9]|10)$/.test(text)) return Number(text) * 10;
  const keyed = /^([0-9])[.,]?([0-9])$/.exec(text);
  if (keyed) return Number(keyed[1]) * 10 + Number(keyed[2]);
  return /^10[.,]0$/.test(text) ? 100 : null;
}

function readLevel(text, levels) {
  const wanted = plain(text);
  const spelt = SPELT[levels.join("|")]?.[wanted];
  if (spelt) return { shown: spelt };
  for (const level of levels) {
    const words = plain(level).split(" ");
    if (wanted === words.join(" ") || wanted === words.map((word) => word[0]).join("")) return { shown: level };
  }
  return levels.includes(text) ? { shown: text } : { problem: "level" };
}

function readText(typed) {
  const shown = typed.normalize("NFC").split(/\r\n|\r|\n/).map(tidy).join("\n").trim();
  return shown.length > LONGEST_TEXT ? { problem: "long" } : { shown };
}

export function tidy(text) {
  return text.normalize("NFC").replace(/\s/gu, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, "").trim().replace(/ +/g, " ");
}

function plain(text) {
  return tidy(text).toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "").replace(/đ/g, "d");
}
