// The service worker: keeps the static files of this house and its empty page, for people who are offline,
// and brings the page to the front when a notification is touched.
//
// It knows the files of its own version by name. A file's name carries the hash of its content, so that what
// is kept is never old, and what is not in the list any more is thrown away. The page has no data in it, and
// is the same for everybody; it is asked for from the house each time, and what is kept is shown only where
// the house cannot be reached. No other answer of the house ever goes through here.
const FILES = [
  // The build repeats this line for each file.
  "assets/*",
];
// Another house below another path of this origin has its own.
const CACHE = `parlour ${self.registration.scope}`;

const kept = new Set(FILES.map((file) => new URL(file, self.location.href).href));

const PAGE = new URL("./", self.location.href).href;
/** The addresses of the page. */
const rooms = new Set(["./", "j", "c"].map((room) => new URL(room, PAGE).href));

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepPage().catch(() => {}));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const [address] = request.url.split("#");
  // What was shared comes back with more behind it, such as `?fbclid=x`.
  const [room] = address.split("?");
  if (request.method !== "GET") return;
  if (kept.has(address)) event.respondWith(answer(request));
  else if (request.mode === "navigate" && rooms.has(room)) event.respondWith(openPage(request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(bringForward(event.notification.data.address));
});

async function tidy() {
  const cache = await caches.open(CACHE);
  const page = await cache.match(PAGE);
  const isOurs = page !== undefined && isOfThisVersion(await page.text());
  const isKept = (url) => kept.has(url) || (url === PAGE && isOurs);
  const old = (await cache.keys()).filter((request) => !isKept(request.url));
  await Promise.all(old.map((request) => cache.delete(request)));
}

/** The page, and those of its files that the browser has already. */
async function keepPage() {
  const cache = await caches.open(CACHE);
  const page = (await knownPage()) ?? (await fetch(PAGE, { cache: "no-cache", redirect: "error" }));
  if (page.ok && isOfThisVersion(await page.clone().text())) await cache.put(PAGE, page);
  await Promise.all([...kept].map((file) => keepKnown(cache, file).catch(() => {})));
}

/** Somebody who came by a link has the page already: without the field for the code it is the empty page. */
async function knownPage() {
  const known = { cache: "only-if-cached", mode: "same-origin" };
  const found = await fetch(new URL("j", PAGE), known).catch(() => undefined);
  const text = found?.ok ? await found.text() : "";
  if (!isOfThisVersion(text)) return undefined;
  const headers = new Headers(found.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(text.replace(/<main[^]*<\/main>/, ""), { headers });
}

/** Costs no line. */
async function keepKnown(cache, file) {
  const found = await fetch(file, { cache: "only-if-cached", mode: "same-origin" });
  if (found.ok) await cache.put(file, found);
}

/** A login before the house, or a newer page, names other files. */
function isOfThisVersion(text) {
  return FILES.some((file) => file.endsWith(".js") && text.includes(file));
}

/** A house that is away, or what a proxy says in its place. A login in front of it must be seen. */
async function openPage(request) {
  const fresh = await fetch(request).catch(() => undefined);
  if (fresh && fresh.status < 500) return fresh;
  const cache = await caches.open(CACHE).catch(() => undefined);
  return (await cache?.match(PAGE)) ?? fresh ?? Response.error();
}

// Where nothing can be kept (no room, private browsing) the file comes from the house.
async function answer(request) {
  const cache = await caches.open(CACHE).catch(() => undefined);
  const found = await cache?.match(request).catch(() => undefined);
  if (found) return found;
  const fresh = await fetch(request);
  if (fresh.ok) await cache?.put(request, fresh.clone()).catch(() => {});
  return fresh;
}

async function bringForward(address) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => page.url === address);
  return open ? open.focus() : self.clients.openWindow(address);
}
