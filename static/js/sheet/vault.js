// Comments are personal: what waits of them in this browser is encrypted, with a key that no script can read out.
// Where the browser cannot, nothing is written, and the comment stays in memory.

const DATABASE = "schoolbook";
const STORE = "keys";
const ALGORITHM = "AES-GCM";
const keys = new Map();

export async function seal(text, account) {
  try {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const cipher = await crypto.subtle.encrypt({ name: ALGORITHM, iv }, await keyOf(account), new TextEncoder().encode(text));
    return btoa(String.fromCharCode(...iv, ...new Uint8Array(cipher)));
  } catch {
    return null;
  }
}

export async function open(sealed, account) {
  try {
    const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
    const plain = await crypto.subtle.decrypt({ name: ALGORITHM, iv: bytes.slice(0, 12) }, await keyOf(account), bytes.slice(12));
    return new TextDecoder().decode(plain);
  } catch {
    return null;
  }
}

function keyOf(account) {
  if (!keys.has(account)) keys.set(account, keptKey(account));
  return keys.get(account);
}

async function keptKey(account) {
  const database = await asked(Object.assign(indexedDB.open(DATABASE, 1), {
    onupgradeneeded: (event) => event.target.result.createObjectStore(STORE),
  }));
  const held = await asked(database.transaction(STORE).objectStore(STORE).get(account));
  if (held) return held;
  const made = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ["encrypt", "decrypt"]);
  await asked(database.transaction(STORE, "readwrite").objectStore(STORE).put(made, account));
  return made;
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
