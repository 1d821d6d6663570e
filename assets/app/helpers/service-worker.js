// The service worker: keeps the static files, and shows notifications where a page may not.
//
// There is none on plain HTTP, and everything works without it.

/** @type {{createPolicy: (name: string, rules: object) => any} | undefined} */
const types = /** @type {any} */ (globalThis).trustedTypes;
const policy = types?.createPolicy("parlour", {
  createScriptURL: (/** @type {string} */ address) => (address === "sw.js" ? address : ""),
});

/** After the first picture, so that it costs no line that somebody waits for. */
export function installServiceWorker() {
  if (!("serviceWorker" in navigator)) return;
  const address = policy ? policy.createScriptURL("sw.js") : "sw.js";
  const install = () => navigator.serviceWorker.register(address).catch(() => {});
  if (document.readyState === "complete") install();
  else addEventListener("load", install, { once: true });
}

/** The worker that can show notifications, if there is one. */
export async function serviceWorker() {
  if (!("serviceWorker" in navigator)) return undefined;
  return navigator.serviceWorker.getRegistration().catch(() => undefined);
}
