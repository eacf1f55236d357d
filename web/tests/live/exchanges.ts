/**
 * The part of XMLHttpRequest that the client sends files by, over `fetch`, for a process that has none. A browser adds its cookies
 * by itself; whose they are is told by the CSRF token, which is among them.
 */

import type { Browser } from "./browser.ts";

const browsers = new Set<Browser>();

export function knowCookiesOf(browser: Browser): void {
  browsers.add(browser);
  globalThis.XMLHttpRequest = Exchange as unknown as typeof XMLHttpRequest;
}

class Exchange extends EventTarget {
  readonly upload = new EventTarget();
  responseType = "text";
  responseText = "";
  status = 0;
  private readonly aborting = new AbortController();
  private readonly headers = new Headers();
  private answered = new Headers();
  private target: readonly [string, string] = ["GET", ""];

  open(method: string, url: string): void {
    this.target = [method, url];
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }

  getAllResponseHeaders(): string {
    return [...this.answered].map(([name, value]) => `${name}: ${value}`).join("\r\n");
  }

  send(body: Blob): void {
    void this.exchange(body);
  }

  abort(): void {
    this.aborting.abort();
  }

  private async exchange(body: Blob): Promise<void> {
    const [method, url] = this.target;
    const token = this.headers.get("X-CSRFToken");
    const browser = [...browsers].find(({ cookies }) => cookies.get("csrftoken") === token);
    this.headers.set("Cookie", [...(browser?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join("; "));
    this.headers.set("Origin", new URL(url).origin);
    try {
      const response = await fetch(url, { method, headers: this.headers, body, signal: this.aborting.signal });
      this.responseText = await response.text();
      this.status = response.status;
      this.answered = response.headers;
      this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded: body.size, total: body.size }));
      this.dispatchEvent(new Event("load"));
    } catch {
      this.dispatchEvent(new Event(this.aborting.signal.aborted ? "abort" : "error"));
    }
  }
}
