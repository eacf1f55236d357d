/**
 * Keeps the shell of the client, so that it opens without the server: scripts, styles and the page itself.
 * What people say never passes through here: /api, /auth, /lite and the sockets are left to the browser.
 *
 * - /assets/*  the name changes with the content: from the cache, else from the server and kept
 * - pages      from the server, and from the cache when it cannot be reached
 * - icons      the same
 * What there is to keep stands in /assets.json, which the build writes; what is no longer in it is thrown away.
 */

importScripts("/sw-notices.js");

const CACHE = "shell";
const PAGE = "/";
const LISTING = "/assets.json";
const LIGHT_SCRIPT = "src/lite/main.ts";
// The server's answers vary by Origin, which a page's module scripts send and this worker does not.
const ANY_ORIGIN = { ignoreVary: true };
const ICONS = ["/manifest.webmanifest", "/icon.svg", "/icon-192.png", "/icon-512.png"];
const NOT_OURS = /^\/(?:api|auth|lite|socket|socket\.io|docs|openapi\.json|asyncapi\.json|healthz|readyz|metrics)(?:\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (NOT_OURS.test(url.pathname)) return;
  if (url.pathname.startsWith("/assets/")) {
    event.respondWith(fromCacheFirst(request));
  } else if (request.mode === "navigate") {
    event.respondWith(pageFromServerFirst(event));
  } else if (ICONS.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => cached(request)));
  }
});

async function fromCacheFirst(request) {
  const kept = await caches.match(request, ANY_ORIGIN);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await keep(request, response.clone());
  return response;
}

async function pageFromServerFirst(event) {
  try {
    const response = await fetch(event.request);
    // Behind a proxy a server that is down still answers.
    if (response.status >= 502) return (await caches.match(PAGE, ANY_ORIGIN)) ?? response;
    event.waitUntil(keepAll().catch(() => undefined));
    return response;
  } catch {
    return cached(PAGE);
  }
}

/** Brings the cache to what the server has now: a page never stands there without its scripts. */
async function keepAll() {
  const listing = await (await fetch(LISTING, { cache: "no-cache" })).json();
  const files = new Set();
  for (const [name, entry] of Object.entries(listing)) {
    // The light pages need the server anyhow.
    if (name === LIGHT_SCRIPT) continue;
    for (const file of [entry.file, ...(entry.css ?? []), ...(entry.assets ?? [])]) files.add(`/${file}`);
  }
  const cache = await caches.open(CACHE);
  const kept = (await cache.keys()).map((request) => new URL(request.url).pathname);
  // Fonts come in many alphabets; each is kept when it is used.
  const missing = [...files].filter((file) => /\.(?:js|css|svg)$/.test(file) && !kept.includes(file));
  await cache.addAll(missing);
  await cache.addAll([PAGE, ...ICONS]);
  const stale = kept.filter((file) => file.startsWith("/assets/") && !files.has(file));
  await Promise.all(stale.map((file) => cache.delete(file)));
}

async function keep(request, response) {
  const cache = await caches.open(CACHE);
  await cache.put(request, response);
}

async function cached(request) {
  return (await caches.match(request, ANY_ORIGIN)) ?? Response.error();
}
