// The acts of this page, the newest last: a cell that was typed, or a whole paste or filling.

const acts = [];

export const note = (act) => acts.push(act);
export const last = () => acts.pop();
