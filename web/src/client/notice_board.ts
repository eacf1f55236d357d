/** Where somebody is told of a message outside the page: the system's notices, and a sound. */

import { chime } from "../protocol/chime.ts";
import { ring } from "../protocol/ringing.ts";

export interface Notice {
  /** One notice at a time is shown for each conversation. */
  readonly conversationId: string;
  readonly seq: number;
  readonly title: string;
  readonly body: string;
  readonly icon: string | null;
  readonly url: string;
  /** It was opened here: the server's pushes do not say what it says. */
  readonly isSealed: boolean;
}

export interface NoticeBoard {
  readonly chime: () => void;
  /** The sound of a call that comes in, until the answer is called. */
  readonly ring: () => () => void;
  /** Does nothing where the person has not allowed it, or where the server's pushes come, which say the same. */
  readonly show: (notice: Notice) => Promise<void>;
  /** Takes the notice of a conversation away that was read up to `seq`. */
  readonly clear: (conversationId: string, seq: number) => Promise<void>;
}

// The service worker answers to a click on a notice, wherever it came from (public/sw-notices.js).
export const browserNoticeBoard: NoticeBoard = {
  chime,
  ring,
  show: async ({ conversationId, seq, title, body, icon, url, isSealed }) => {
    const worker = await workerForNotices();
    if (worker === null || (!isSealed && (await worker.pushManager?.getSubscription()))) return;
    await worker.showNotification(title, {
      body,
      icon: icon ?? "/icon-192.png",
      tag: conversationId,
      data: { url, seq },
    });
  },
  clear: async (conversationId, seq) => {
    const worker = await workerForNotices();
    const shown = (await worker?.getNotifications({ tag: conversationId })) ?? [];
    for (const notice of shown) if ((notice.data as { seq: number }).seq <= seq) notice.close();
  },
};

async function workerForNotices(): Promise<ServiceWorkerRegistration | null> {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return null;
  return (await navigator.serviceWorker?.getRegistration()) ?? null;
}
