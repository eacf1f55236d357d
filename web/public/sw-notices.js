/**
 * Shows what a push tells, and takes it away again when it was read elsewhere.
 *
 * A push is `{type: "message", conversation_id, seq, title, body, icon, url, ...}` or `{type: "read", conversation_id,
 * read_seq}`. There is one notice for each chat, which is its tag. A chat that somebody has before their eyes shows none.
 */

self.addEventListener("push", (event) => {
  const told = tellingOf(event.data);
  if (told?.type === "message") event.waitUntil(show(told));
  if (told?.type === "read") event.waitUntil(takeAway(told));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

function tellingOf(data) {
  try {
    return data?.json() ?? null;
  } catch {
    return null;
  }
}

async function show({ conversation_id, seq, title, body, icon, url, sent_at }) {
  if (await isBeforeSomebodysEyes(url)) return;
  await self.registration.showNotification(title, {
    body,
    icon: icon ?? "/icon-192.png",
    badge: "/icon-192.png",
    tag: conversation_id,
    renotify: true,
    timestamp: Date.parse(sent_at),
    data: { url, seq },
  });
}

async function takeAway({ conversation_id, read_seq }) {
  const shown = await self.registration.getNotifications({ tag: conversation_id });
  for (const notice of shown) if (notice.data.seq <= read_seq) notice.close();
}

async function isBeforeSomebodysEyes(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.some((each) => each.focused && isAt(new URL(each.url).pathname, url));
}

function isAt(path, url) {
  return path === url || path.startsWith(`${url}/`);
}

/** A window that is there goes to the chat by itself, without being loaded anew. */
async function open(url) {
  const [first] = await self.clients.matchAll({ type: "window" });
  if (first === undefined) return self.clients.openWindow(url);
  first.postMessage({ type: "open", url });
  return first.focus();
}
