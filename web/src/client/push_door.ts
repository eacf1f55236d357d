/** This browser's own subscription to pushes (Push API, W3C). */

import type { PushKeys } from "../model/notices.ts";

/** Unsupported: this browser has no pushes, or the page is not served by https. Denied: the person said no to it. */
export type PushStanding = "unsupported" | "denied" | "off" | "on";

export interface PushDoor {
  readonly standing: () => Promise<PushStanding>;
  /** Asks the person; null where they, or the browser's push service, say no. `publicKey` is the server's. */
  readonly subscribe: (publicKey: string) => Promise<PushKeys | null>;
  /** Answers the endpoint that it had; null where there was none. */
  readonly unsubscribe: () => Promise<string | null>;
}

export const browserPushDoor: PushDoor = {
  standing: async () => {
    const worker = await pushingWorker();
    if (worker === null) return "unsupported";
    if (Notification.permission === "denied") return "denied";
    return (await worker.pushManager.getSubscription()) === null ? "off" : "on";
  },
  subscribe: async (publicKey) => {
    const worker = await pushingWorker();
    if (worker === null || (await Notification.requestPermission()) !== "granted") return null;
    try {
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
      return made.toJSON() as unknown as PushKeys;
    } catch {
      return null;
    }
  },
  unsubscribe: async () => {
    const worker = await pushingWorker();
    const subscription = (await worker?.pushManager.getSubscription()) ?? null;
    if (subscription === null) return null;
    await subscription.unsubscribe();
    return subscription.endpoint;
  },
};

async function pushingWorker(): Promise<ServiceWorkerRegistration | null> {
  if (!("PushManager" in globalThis) || !("Notification" in globalThis)) return null;
  return (await navigator.serviceWorker?.getRegistration()) ?? null;
}
