import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/protocol/errors.ts";
import { Http } from "../../src/protocol/http.ts";
import { createRest, type Rest } from "../../src/protocol/rest.ts";
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
  isRefreshReachable = true;
  lost = 0;

  expire(): void {
    this.access = "stale";
  }

  /** Tabs share cookies, storage and locks. */
  tab(): Rest {
    return createRest(this.http());
  }

  http(): Http {
    return new Http({
      origin: "http://site.test",
      fetch: (request) => this.answer(request),
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

  async answer({ method, url, headers }: Request): Promise<Response> {
    const { pathname, search } = new URL(url);
    const request = `${method} ${pathname}`;
    this.asked.push(request + search);
    const { access } = this;
    await Promise.resolve();
    if (!this.isReachable) throw new TypeError("fetch failed");
    if (request === "GET /auth/csrf") {
      this.csrf = "renewed";
      return Response.json({ csrftoken: this.csrf });
    }
    if (method !== "GET" && headers.get("X-CSRFToken") !== this.csrf) {
      return refusal(403, { code: "csrf_failed", detail: "No.", attr: null });
    }
    if (request === "POST /auth/refresh") {
      if (!this.isRefreshReachable) throw new TypeError("fetch failed");
      if (!this.isSessionAlive) return refusal(401, { code: "invalid_token", detail: "No.", attr: null });
      this.access = "fresh";
      return Response.json({});
    }
    if (request === "POST /auth/register") {
      return refusal(
        400,
        { code: "too_short", detail: "Too short.", attr: "password" },
        { code: "taken", detail: "Taken.", attr: "email" },
      );
    }
    if (access !== "fresh") return refusal(401, { code: "not_authenticated", detail: "Who?", attr: null });
    return method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({ request });
  }
}

function refusal(status: number, ...errors: { code: string; detail: string; attr: string | null }[]): Response {
  return Response.json({ type: "client_error", errors }, { status, headers: { "Retry-After": "7" } });
}

const unanswered = () => Promise.reject(new TypeError("The request was not answered."));

const registration = { email: "ana@example.org", password: "a" };

describe("a request", () => {
  test("answers the parsed body, or nothing where there is none", async () => {
    const rest = new Site().tab();
    expect(await rest.me()).toEqual({ request: "GET /api/me" });
    expect(await rest.deleteMessage("7")).toBeUndefined();
  });

  test("leaves out of its query what is not given", async () => {
    const site = new Site();
    await site.tab().users("a b");
    await site.tab().users("", "next");
    expect(site.asked).toEqual(["GET /api/users?search=a%20b", "GET /api/users?search=&page_token=next"]);
  });

  test("that is refused tells the code, the wait, and what is wrong with each field", async () => {
    const refused = await new Site()
      .tab()
      .register(registration)
      .catch((error: unknown) => error);
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
    await expect(site.tab().me()).rejects.toMatchObject({ status: 0, code: "offline" });
  });
});

describe("an expired access token", () => {
  test("is refreshed once for all requests of a tab, which then succeed", async () => {
    const site = new Site();
    site.expire();
    const rest = site.tab();
    const answers = await Promise.all([rest.me(), rest.users("ben"), rest.editMessage("7", "better")]);
    expect(answers).toEqual([
      { request: "GET /api/me" },
      { request: "GET /api/users" },
      { request: "PATCH /api/messages/7" },
    ]);
    expect(site.count("POST /auth/refresh")).toBe(1);
  });

  test("is refreshed once for all tabs", async () => {
    const site = new Site();
    site.expire();
    await Promise.all([site.tab(), site.tab(), site.tab()].map((tab) => tab.me()));
    expect(site.count("POST /auth/refresh")).toBe(1);
  });

  test("that cannot be refreshed loses the session, once", async () => {
    const site = new Site();
    site.expire();
    site.isSessionAlive = false;
    const rest = site.tab();
    const answers = await Promise.allSettled([rest.me(), rest.users("ben")]);
    expect(answers.map((answer) => answer.status)).toEqual(["rejected", "rejected"]);
    expect(site.lost).toBe(1);
  });

  test("does not lose the session while the server cannot be reached", async () => {
    const site = new Site();
    site.expire();
    site.isRefreshReachable = false;
    await expect(site.tab().me()).rejects.toMatchObject({ code: "offline" });
    expect(site.lost).toBe(0);
  });

  test("does not matter to a request that is not made in its name", async () => {
    const site = new Site();
    site.expire();
    await expect(site.tab().signIn({ email: "ana@example.org", password: "wrong" })).rejects.toMatchObject({
      status: 401,
    });
    expect(site.count("POST /auth/refresh")).toBe(0);
  });
});

describe("a request that is sent in another way than by fetch", () => {
  test("has the token, a refreshed session, and the way of sending each time", async () => {
    const site = new Site();
    site.cookies = "";
    site.csrf = "changed at the server";
    site.expire();
    const sent: string[] = [];
    const send = async (request: Request) => {
      sent.push(await request.clone().text());
      return await site.answer(request);
    };
    const picture = new Request("http://site.test/api/me/avatar", { method: "PUT", body: "picture" });
    const response = await site.http().sendBy(send, picture);
    expect(await response.json()).toEqual({ request: "PUT /api/me/avatar" });
    expect(sent).toEqual(["picture", "picture"]);
    expect(site.count("POST /auth/refresh")).toBe(1);
  });

  test("without an answer is refused as offline", async () => {
    const picture = new Request("http://site.test/api/me/avatar", { method: "PUT", body: "picture" });
    await expect(new Site().http().sendBy(unanswered, picture)).rejects.toMatchObject({ code: "offline" });
  });
});

describe("the CSRF token", () => {
  test("is the one of the cookie, which another tab may have renewed", async () => {
    const site = new Site();
    const rest = site.tab();
    await rest.editMessage("7", "first");
    site.cookies = "theme=day; csrftoken=another";
    site.csrf = "another";
    await rest.editMessage("7", "second");
    expect(site.count("GET /auth/csrf")).toBe(0);
  });

  test("is asked for when there is no cookie, and then kept", async () => {
    const site = new Site();
    site.cookies = "";
    const rest = site.tab();
    await rest.editMessage("7", "first");
    await rest.editMessage("7", "second");
    expect(site.count("GET /auth/csrf")).toBe(1);
  });

  test("that the server refuses is renewed, and the request made again", async () => {
    const site = new Site();
    site.cookies = "";
    const rest = site.tab();
    await rest.editMessage("7", "first");
    site.csrf = "changed at the server";
    expect(await rest.editMessage("7", "second")).toEqual({ request: "PATCH /api/messages/7" });
  });
});
