/** Lets the service worker keep what the client needs to start without the server. */

/** Registers the worker where the build has one; without it the client works, but only online. */
export function keepShellOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    // A browser that refuses (private windows do) goes on without.
    void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  });
}
