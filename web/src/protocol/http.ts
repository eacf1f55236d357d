/**
 * Requests of a signed-in browser.
 *
 * The session lives in HttpOnly cookies. A request that may change something carries the readable `csrftoken` cookie in
 * X-CSRFToken. A 401 is met with one refresh of the session, shared by all requests of this tab and, through a lock and a
 * count in localStorage, by all tabs: a refresh token is good for one use only, and a second use ends the session.
 */

import { ApiError, refusalOf } from "./errors.ts";
import type { Exclusively } from "./locks.ts";

export interface HttpOptions {
  /** The origin to ask. */
  readonly origin: string;
  readonly fetch: Send;
  /** The page's `document.cookie`. */
  readonly readCookies: () => string;
  readonly exclusively: Exclusively;
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  /** The session cannot be refreshed any more. */
  readonly onSessionLost: () => void;
}

type Send = (request: Request) => Promise<Response>;

const refreshLock = "tertulia.refresh";
const refreshesKey = "tertulia.refreshes";

export class Http {
  readonly origin: string;
  private readonly options: HttpOptions;
  private csrfToken: string | null = null;
  private refreshing: Promise<boolean> | null = null;

  constructor(options: HttpOptions) {
    this.origin = options.origin;
    this.options = options;
  }

  /** Takes the place of the global `fetch`; rejects with ApiError `offline` when no answer comes. */
  readonly fetch = async (request: Request): Promise<Response> => await this.sendBy(this.options.fetch, request);

  /** The same by another way of sending than `fetch`, for a request that needs one. */
  async sendBy(send: Send, request: Request): Promise<Response> {
    const refreshes = this.refreshes();
    const response = await this.attempt(request, send);
    // What is asked under /auth is about the session, and not in its name; what is done there may begin another.
    const isAboutSession = new URL(request.url).pathname.startsWith("/auth/");
    if (isAboutSession && response.ok && request.method !== "GET") this.countRefresh();
    const isRefreshable = response.status === 401 && !isAboutSession;
    return isRefreshable && (await this.refreshOnce(refreshes)) ? await this.attempt(request, send) : response;
  }

  private async attempt(request: Request, send: Send = this.options.fetch): Promise<Response> {
    if (request.method === "GET") return await this.exchange(request.clone(), send);
    const response = await this.exchange(withToken(request, await this.currentCsrfToken()), send);
    if (response.status !== 403) return response;
    const refusal = await refusalOf(response.clone());
    return refusal.code === "csrf_failed"
      ? await this.exchange(withToken(request, await this.renewCsrfToken()), send)
      : response;
  }

  private async exchange(request: Request, send: Send = this.options.fetch): Promise<Response> {
    try {
      return await send(request);
    } catch {
      throw new ApiError({ status: 0, code: "offline", detail: "The server cannot be reached." });
    }
  }

  private refreshOnce(refreshes: number): Promise<boolean> {
    this.refreshing ??= this.refresh(refreshes).finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async refresh(refreshes: number): Promise<boolean> {
    const { origin, exclusively, onSessionLost } = this.options;
    return await exclusively(refreshLock, async () => {
      if (this.refreshes() > refreshes) return true;
      const response = await this.attempt(new Request(`${origin}/auth/refresh`, { method: "POST" }));
      if (response.ok) this.countRefresh();
      else if (response.status !== 401) throw await refusalOf(response);
      // Refused for the time before: somebody has signed in since it was asked.
      else if (this.refreshes() > refreshes) return true;
      else onSessionLost();
      return response.ok;
    });
  }

  private countRefresh(): void {
    this.options.storage.setItem(refreshesKey, String(this.refreshes() + 1));
  }

  /** How often the session was refreshed, or begun anew, by any tab. */
  private refreshes(): number {
    return Number(this.options.storage.getItem(refreshesKey));
  }

  // The cookie is looked at first, because another tab may have signed in anew and got another token.
  private async currentCsrfToken(): Promise<string> {
    const fromCookie = /(?:^|;\s*)csrftoken=([^;]*)/u.exec(this.options.readCookies())?.[1];
    return fromCookie ?? this.csrfToken ?? (await this.renewCsrfToken());
  }

  private async renewCsrfToken(): Promise<string> {
    const response = await this.exchange(new Request(`${this.origin}/auth/csrf`));
    if (!response.ok) throw await refusalOf(response);
    const { csrftoken } = (await response.json()) as { csrftoken: string };
    this.csrfToken = csrftoken;
    return csrftoken;
  }
}

function withToken(request: Request, token: string): Request {
  const copy = request.clone();
  copy.headers.set("X-CSRFToken", token);
  return copy;
}
