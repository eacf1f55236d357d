/**
 * Requests of a signed-in browser.
 *
 * The session lives in HttpOnly cookies. A request that may change something carries the readable `csrftoken` cookie in
 * X-CSRFToken. A 401 is met with one refresh of the session, shared by all requests of this tab and, through a lock and a
 * time in localStorage, by all tabs: a refresh token is good for one use only, and a second use ends the session.
 */

import { ApiError, type FieldError } from "./errors.ts";
import type { Exclusively } from "./locks.ts";

export interface HttpOptions {
  /** The origin to ask; empty for the page's own. */
  readonly origin?: string;
  readonly fetch: typeof fetch;
  /** The page's `document.cookie`. */
  readonly readCookies: () => string;
  readonly exclusively: Exclusively;
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  /** The session cannot be refreshed any more. */
  readonly onSessionLost: () => void;
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** False for requests that are not made in the name of a session, such as signing in. */
  readonly refreshes?: boolean;
}

const refreshLock = "tertulia.refresh";
const refreshedAtKey = "tertulia.refreshedAt";

export class Http {
  private readonly options: HttpOptions;
  private csrfToken: string | null = null;
  private refreshing: Promise<boolean> | null = null;

  constructor(options: HttpOptions) {
    this.options = options;
  }

  /** The parsed JSON of the answer, undefined for none. Throws ApiError for everything else. */
  async request<Answer>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> {
    const startedAt = Date.now();
    try {
      return (await this.attempt(method, path, options)) as Answer;
    } catch (error) {
      const isRefreshable = error instanceof ApiError && error.status === 401 && (options.refreshes ?? true);
      if (!isRefreshable || !(await this.refreshOnce(startedAt))) throw error;
      return (await this.attempt(method, path, options)) as Answer;
    }
  }

  private async attempt(method: Method, path: string, options: RequestOptions): Promise<unknown> {
    try {
      return await this.exchange(method, path, options);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "csrf_failed")) throw error;
      await this.renewCsrfToken();
      return await this.exchange(method, path, options);
    }
  }

  private async exchange(method: Method, path: string, options: RequestOptions): Promise<unknown> {
    const headers = new Headers({ Accept: "application/json" });
    if (options.body !== undefined) headers.set("Content-Type", "application/json");
    if (method !== "GET") headers.set("X-CSRFToken", await this.currentCsrfToken());
    const response = await this.answer(`${path}${queryString(options.query)}`, {
      method,
      headers,
      credentials: "same-origin",
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    if (!response.ok) throw await refusalOf(response);
    return response.status === 204 ? undefined : await response.json();
  }

  private async answer(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.options.fetch(`${this.options.origin ?? ""}${path}`, init);
    } catch {
      throw new ApiError({ status: 0, code: "offline", detail: "The server cannot be reached." });
    }
  }

  private refreshOnce(startedAt: number): Promise<boolean> {
    this.refreshing ??= this.refresh(startedAt).finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async refresh(startedAt: number): Promise<boolean> {
    const { exclusively, storage, onSessionLost } = this.options;
    return await exclusively(refreshLock, async () => {
      if (Number(storage.getItem(refreshedAtKey)) > startedAt) return true;
      try {
        await this.attempt("POST", "/auth/refresh", {});
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) throw error;
        onSessionLost();
        return false;
      }
      storage.setItem(refreshedAtKey, String(Date.now()));
      return true;
    });
  }

  // The cookie is looked at first, because another tab may have signed in anew and got another token.
  private async currentCsrfToken(): Promise<string> {
    const fromCookie = /(?:^|;\s*)csrftoken=([^;]*)/u.exec(this.options.readCookies())?.[1];
    return fromCookie ?? this.csrfToken ?? (await this.renewCsrfToken());
  }

  private async renewCsrfToken(): Promise<string> {
    const answer = (await this.exchange("GET", "/auth/csrf", {})) as { csrftoken: string };
    this.csrfToken = answer.csrftoken;
    return answer.csrftoken;
  }
}

function queryString(query: RequestOptions["query"]): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
  const encoded = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return encoded === "" ? "" : `?${encoded}`;
}

interface ErrorBody {
  readonly errors: readonly (FieldError & { readonly attr: string | null })[];
}

async function refusalOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as ErrorBody | null;
  const errors = Array.isArray(body?.errors) ? body.errors : [];
  const retryAfter_s = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError({
    status: response.status,
    code: errors[0]?.code ?? "error",
    detail: errors[0]?.detail ?? "Something went wrong on the server.",
    fields: Object.fromEntries(errors.flatMap(({ attr, code, detail }) => (attr ? [[attr, { code, detail }]] : []))),
    retryAfter_s: Number.isFinite(retryAfter_s) ? retryAfter_s : null,
  });
}
