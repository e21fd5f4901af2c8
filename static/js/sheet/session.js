// Requests of the sheet, and signing in again without leaving it.

import { form } from "./cells.js";
import { close, open } from "./panel.js";
import { say } from "./words.js";

const { account, session, signIn, secondFactor } = form.dataset;
const meta = document.querySelector('meta[name="csrf-token"]');
const SIGNED_IN = "schoolbook.signed-in";
const PATIENCE = 30_000;

// {status, body}; status 0 where no answer came. A token that is out of date is renewed once.
export async function send(url, body, { keepalive = false, again = true } = {}) {
  const answer = await ask(url, {
    method: "POST",
    body: JSON.stringify(body),
    keepalive,
    headers: { "Content-Type": "application/json" },
  });
  if (answer.status !== 403 || !again) return answer;
  const state = await renew();
  return state === "same" ? send(url, body, { keepalive, again: false }) : { status: state === "other" ? 409 : 401, body: {} };
}

async function ask(url, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": meta.content, ...options.headers };
  try {
    const answer = await fetch(url, { ...options, headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    const text = await answer.text();
    return { status: answer.status, body: parse(text) };
  } catch {
    return { status: 0, body: {} };
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { sentence: text.includes("<") ? "" : text };
  }
}

// Whose session it is by now: "same", "other", "none" or "unknown".
export async function renew() {
  const { status, body } = await ask(session);
  if (body.csrf) take(body.csrf);
  if (status === 401) return "none";
  if (status !== 200) return "unknown";
  return body.account === account ? "same" : "other";
}

function take(csrf) {
  meta.content = csrf;
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = csrf;
}

// Asks for name and password above the sheet until this account is signed in; another tab may be quicker.
let asking = null;
export function signInAgain() {
  asking ??= new Promise((resolve) => {
    const done = () => {
      for (const [target, kind] of elsewhere) target.removeEventListener(kind, look);
      asking = null;
      close("sign-in");
      resolve();
    };
    const look = async () => { if ((await renew()) === "same") done(); };
    const elsewhere = [[window, "storage"], [window, "focus"], [document, "visibilitychange"]];
    for (const [target, kind] of elsewhere) target.addEventListener(kind, look);
    const panel = open("sign-in");
    panel.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(event.target, done);
    });
  });
  return asking;
}

async function attempt(box, done) {
  const code = box.elements.code;
  const fields = code.disabled ? { username: box.elements.username.value, password: box.elements.password.value } : { code: code.value };
  await renew(); // the token of a new, empty session
  const { status, body } = await ask(code.disabled ? signIn : secondFactor, { method: "POST", body: new URLSearchParams(fields) });
  if (body.csrf) take(body.csrf);
  if (status !== 200) return tell(box, body.sentence || say({ 0: "offline", 429: "too-often" }[status] ?? "sign-in-failed"));
  if (body.account !== account) return tell(box, say("other-account"));
  if (body.second_factor) {
    for (const part of box.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== "code";
    code.disabled = false;
    code.focus();
    return tell(box, "");
  }
  if (localStorageWorks()) localStorage.setItem(SIGNED_IN, String(Date.now()));
  return done();
}

function localStorageWorks() {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

function tell(box, sentence) {
  const place = box.querySelector("[data-problem]");
  place.textContent = sentence;
  place.hidden = !sentence;
}
