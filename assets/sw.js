// The service worker: keeps the static files of this house, and brings its page to the front when
// a notification is touched.
//
// It knows the files of its own version by name and touches nothing else: no page, no answer of the house
// ever goes through it. A file's name carries the hash of its content, so that what is kept is never old,
// and what is not in the list any more is thrown away.
const FILES = ["assets/*"];
// Another house below another path of this origin has its own.
const CACHE = `parlour ${self.registration.scope}`;

const kept = new Set(FILES.map((file) => new URL(file, self.location.href).href));

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && kept.has(event.request.url)) event.respondWith(answer(event.request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(bringForward(event.notification.data.address));
});

async function tidy() {
  const cache = await caches.open(CACHE);
  const old = (await cache.keys()).filter((request) => !kept.has(request.url));
  await Promise.all(old.map((request) => cache.delete(request)));
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
