/** A browser as far as the client can tell: cookies, storage, and sockets that carry the cookies. */

import "fake-indexeddb/auto";
import { WebSocket } from "ws";
import { createClient } from "../../src/client/create.ts";
import type { Client } from "../../src/client/client.ts";
import { broadcastTabs, type Environment } from "../../src/client/environment.ts";
import { Http } from "../../src/protocol/http.ts";
import { exclusivelyHere } from "../../src/protocol/locks.ts";
import { createRest, type Rest } from "../../src/protocol/rest.ts";
import { knowCookiesOf } from "./exchanges.ts";
import { MemoryStorage } from "../memory_storage.ts";

export class Browser {
  readonly cookies = new Map<string, string>();
  isVisible = true;
  isHolding = false;
  /** Answers to this path come only when this is settled. */
  held: { readonly path: string; readonly until: Promise<void> } | null = null;
  /** What the server says, as a server that lies would say it: applied to every answer and frame in JSON. */
  rewrite: (text: string) => string = (text) => text;
  private readonly origin: string;
  readonly storage = new MemoryStorage();
  private readonly exclusively = exclusivelyHere();
  private readonly sockets = new Set<WebSocket>();
  private readonly whenVisible = new Set<() => void>();
  private readonly clients: Client[] = [];

  constructor(origin: string) {
    this.origin = origin;
    knowCookiesOf(this);
  }

  /** Opens a tab. */
  open(): Client {
    const client = createClient(this.environment());
    this.clients.push(client);
    return client;
  }

  /** The server's REST interface as this browser's person, without anything that a client keeps. */
  rest(): Rest {
    return createRest(new Http({ ...this.environment(), onSessionLost: () => undefined }));
  }

  /** All that lies in its local storage. */
  kept(): readonly (readonly [string, string | null])[] {
    const keys = Array.from({ length: this.storage.length }, (_, at) => this.storage.key(at) ?? "");
    return keys.map((key) => [key, this.storage.getItem(key)] as const);
  }

  /** Drops every connection, as a lost network does. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  show(): void {
    this.isVisible = true;
    for (const callback of this.whenVisible) callback();
  }

  close(): void {
    for (const client of this.clients) client.stop();
  }

  private environment(): Environment {
    const { sockets } = this;
    const rewrite = (text: string) => this.rewrite(text);
    const headers = () => ({ Cookie: this.cookieHeader(), Origin: this.origin });
    return {
      origin: this.origin,
      transport: class extends WebSocket {
        constructor(address: string) {
          super(address, { headers: headers() });
          sockets.add(this);
          this.once("close", () => sockets.delete(this));
        }

        override emit(name: string | symbol, ...heard: unknown[]): boolean {
          return super.emit(name, ...(name === "message" ? [Buffer.from(rewrite(String(heard[0]))), false] : heard));
        }
      },
      fetch: async (request) => await this.fetch(request),
      readCookies: () => this.cookieHeader(),
      storage: this.storage,
      exclusively: this.exclusively,
      openTabs: broadcastTabs,
      isVisible: () => this.isVisible,
      onVisible: (callback) => {
        this.whenVisible.add(callback);
        return () => this.whenVisible.delete(callback);
      },
      // It has no notices and no pushes, as many browsers have none.
      notices: { chime: () => undefined, ring: () => () => undefined, show: async () => undefined, clear: async () => undefined },
      pushes: { standing: async () => "unsupported", subscribe: async () => null, unsubscribe: async () => null },
      onLeaving: () => () => undefined,
    };
  }

  private async fetch(request: Request): Promise<Response> {
    request.headers.set("Cookie", this.cookieHeader());
    request.headers.set("Origin", this.origin);
    const response = await fetch(request);
    if (new URL(request.url).pathname === this.held?.path) {
      this.isHolding = true;
      await this.held.until;
    }
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    if (!isJson) return response;
    const { status, headers } = response;
    return new Response(this.rewrite(await response.text()), { status, headers });
  }

  private keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if (attributes.some((attribute) => /^\s*max-age=0$/iu.test(attribute))) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1).trim().replace(/^"(.*)"$/u, "$1"));
  }

  private cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
