// Leaving the page loses nothing that is in the queue. It asks only where something is in none, and before signing out.

import { form } from "./cells.js";
import { commitAll } from "./entering.js";
import { flush, inNoQueue, settled, unsaved } from "./saving.js";
import { say } from "./words.js";

const signOut = document.querySelector(`form[action="${form.dataset.signOut}"]`);
let asked = false;

window.addEventListener("pagehide", () => {
  commitAll();
  flush({ keepalive: true });
});

window.addEventListener("beforeunload", (event) => {
  commitAll();
  if (inNoQueue() && !asked) event.preventDefault();
});

signOut?.addEventListener("submit", async (event) => {
  commitAll();
  if (!unsaved() && !inNoQueue()) return;
  event.preventDefault();
  await Promise.race([settled(), new Promise((resolve) => { setTimeout(resolve, 3_000); })]);
  if ((unsaved() || inNoQueue()) && !window.confirm(say("sign-out", unsaved() + inNoQueue()))) return;
  asked = true;
  signOut.submit();
});
