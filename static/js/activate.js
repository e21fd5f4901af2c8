// The QR code of a slip carries its code after the hash sign, which browsers send to no server. Put it into its field
// and out of the address, so that it stays in no history.

const field = document.querySelector("[data-code-of-address]");
const code = decodeURIComponent(location.hash.slice(1));

if (field && code) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
  field.focus();
}
