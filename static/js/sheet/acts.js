// Acts over many cells: looked at by the server first, then done as a whole, and taken back as a whole.

import { form } from "./cells.js";
import * as done from "./done.js";
import { enter } from "./entering.js";
import { account } from "./queue.js";
import { settle, settled } from "./saving.js";
import { send } from "./session.js";
import { announce, say } from "./words.js";

// wanted: [[cell, text]]. Everything typed before is saved first. {act, …} or {sentence}.
export async function preview(kind, wanted) {
  await settled();
  const cells = wanted.map(([cell, typed]) => {
    const { student, version, column: { component, number } } = cell;
    return { student, component, number, typed, seen: version };
  });
  const { status, body } = await send(form.dataset.acts, { account, kind, cells });
  return status === 200 ? body : { sentence: body.sentence || say("not-done") };
}

// Do what was looked at, perhaps without what is refused; says why not, or nothing.
export async function apply(act, leaveOut = false) {
  const { status, body } = await send(act.apply, { account, leave_out: leaveOut });
  if (status !== 200) return body.sentence || say("not-done");
  settle(body);
  done.note({ undo: body.undo });
  return "";
}

export async function undo() {
  const act = done.last();
  if (!act) return announce(say("nothing-to-undo"));
  if (act.cell) {
    enter(act.cell, act.text);
    act.cell.input.focus();
    return announce(say("undone"));
  }
  await settled();
  const { status, body } = await send(act.undo, { account });
  if (status === 200) settle(body);
  return announce(status === 200 ? say("undone") : body.sentence || say("not-done"));
}

