import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/protocol/errors.ts";
import { Http } from "../../src/protocol/http.ts";
import { exclusivelyHere } from "../../src/protocol/locks.ts";
import { MemoryStorage } from "../memory_storage.ts";

/** A browser with its cookies, and a server whose access tokens are good until `expire`; refresh tokens once. */
class Site {
  readonly storage = new MemoryStorage();
  readonly asked: string[] = [];
  readonly exclusively = exclusivelyHere();
  cookies = "csrftoken=good";
  csrf = "good";
  access = "fresh";
  isSessionAlive = true;
  isReachable = true;
  lost = 0;

  expire(): void {
    this.access = "stale";
  }

  /** Tabs share cookies, storage and locks. */
  tab(): Http {
    return new Http({
      fetch: (path, init) => this.answer(String(path), init ?? {}),
      readCookies: () => this.cookies,
      exclusively: this.exclusively,
      storage: this.storage,
      onSessionLost: () => {
        this.lost += 1;
      },
    });
  }

  count(request: string): number {
    return this.asked.filter((asked) => asked === request).length;
  }

  private async answer(path: string, init: RequestInit): Promise<Response> {
    const request = `${init.method} ${path}`;
    this.asked.push(request);
    const { access } = this;
    await Promise.resolve();
    if (!this.isReachable) throw new TypeError("fetch failed");
    if (request === "GET /auth/csrf") {
      this.csrf = "renewed";
      return Response.json({ csrftoken: this.csrf });
    }
    if (init.method !== "GET" && new Headers(init.headers).get("X-CSRFToken") !== this.csrf) {
      return refusal(403, { code: "csrf_failed", detail: "No.", attr: null });
    }
    if (request === "POST /auth/refresh") {
      if (!this.isSessionAlive) return refusal(401, { code: "invalid_token", detail: "No.", attr: null });
      this.access = "fresh";
      return Response.json({});
    }
    if (path === "/teapot") {
      return refusal(
        400,
        { code: "too_short", detail: "Too short.", attr: "password" },
        { code: "taken", detail: "Taken.", attr: "email" },
      );
    }
    if (access !== "fresh") return refusal(401, { code: "not_authenticated", detail: "Who?", attr: null });
    return path === "/nothing" ? new Response(null, { status: 204 }) : Response.json({ path });
  }
}

function refusal(status: number, ...errors: { code: string; detail: string; attr: string | null }[]): Response {
  return Response.json({ type: "client_error", errors }, { status, headers: { "Retry-After": "7" } });
}

describe("a request", () => {
  test("answers the parsed body, or nothing where there is none", async () => {
    const http = new Site().tab();
    expect(await http.request("GET", "/api/me")).toEqual({ path: "/api/me" });
    expect(await http.request("DELETE", "/nothing")).toBeUndefined();
  });

  test("leaves out of its query what is not given", async () => {
    const http = new Site().tab();
    const query = { search: "a b", page_token: undefined, page_size: 5 };
    expect(await http.request("GET", "/api/users", { query })).toEqual({ path: "/api/users?search=a+b&page_size=5" });
  });

  test("that is refused tells the code, the wait, and what is wrong with each field", async () => {
    const refused = await new Site().tab().request("POST", "/teapot").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({
      status: 400,
      code: "too_short",
      message: "Too short.",
      retryAfter_s: 7,
      fields: { password: { code: "too_short", detail: "Too short." }, email: { code: "taken", detail: "Taken." } },
    });
  });

  test("without an answer is refused as offline", async () => {
    const site = new Site();
    site.isReachable = false;
    await expect(site.tab().request("GET", "/api/me")).rejects.toMatchObject({ status: 0, code: "offline" });
  });
});

describe("an expired access token", () => {
  test("is refreshed once for all requests of a tab, which then succeed", async () => {
    const site = new Site();
    site.expire();
    const http = site.tab();
    const answers = await Promise.all([1, 2, 3].map((id) => http.request("GET", `/api/${id}`)));
    expect(answers).toEqual([{ path: "/api/1" }, { path: "/api/2" }, { path: "/api/3" }]);
    expect(site.count("POST /auth/refresh")).toBe(1);
  });

  test("is refreshed once for all tabs", async () => {
    const site = new Site();
    site.expire();
    await Promise.all([site.tab(), site.tab(), site.tab()].map((tab) => tab.request("GET", "/api/me")));
    expect(site.count("POST /auth/refresh")).toBe(1);
  });

  test("that cannot be refreshed loses the session, once", async () => {
    const site = new Site();
    site.expire();
    site.isSessionAlive = false;
    const http = site.tab();
    const answers = await Promise.allSettled([http.request("GET", "/api/me"), http.request("GET", "/api/users")]);
    expect(answers.map((answer) => answer.status)).toEqual(["rejected", "rejected"]);
    expect(site.lost).toBe(1);
  });

  test("is not refreshed, and the session is not lost, while the server cannot be reached", async () => {
    const site = new Site();
    site.expire();
    const http = site.tab();
    const asked = http.request("GET", "/api/me");
    await Promise.resolve();
    await Promise.resolve();
    site.isReachable = false;
    await expect(asked).rejects.toBeInstanceOf(ApiError);
    expect(site.lost).toBe(0);
  });

  test("does not matter to a request that is not made in its name", async () => {
    const site = new Site();
    site.expire();
    await expect(site.tab().request("POST", "/auth/login", { refreshes: false })).rejects.toMatchObject({ status: 401 });
    expect(site.count("POST /auth/refresh")).toBe(0);
  });
});

describe("the CSRF token", () => {
  test("is the one of the cookie, which another tab may have renewed", async () => {
    const site = new Site();
    const http = site.tab();
    await http.request("POST", "/api/first");
    site.cookies = "theme=day; csrftoken=another";
    site.csrf = "another";
    await http.request("POST", "/api/second");
    expect(site.count("GET /auth/csrf")).toBe(0);
  });

  test("is asked for when there is no cookie, and then kept", async () => {
    const site = new Site();
    site.cookies = "";
    const http = site.tab();
    await http.request("POST", "/api/first");
    await http.request("POST", "/api/second");
    expect(site.count("GET /auth/csrf")).toBe(1);
  });

  test("that the server refuses is renewed, and the request made again", async () => {
    const site = new Site();
    site.cookies = "";
    const http = site.tab();
    await http.request("POST", "/api/first");
    site.csrf = "changed at the server";
    expect(await http.request("POST", "/api/second")).toEqual({ path: "/api/second" });
  });
});
