/** People at their browsers, for the tests against a real server. */

import type { Client } from "../../src/client/client.ts";
import type { OpenThread } from "../../src/stores/state.ts";
import { eventually } from "../eventually.ts";
import { Browser } from "./browser.ts";
import type { Server } from "./server.ts";

export interface Person {
  readonly browser: Browser;
  readonly client: Client;
  readonly id: string;
  readonly email: string;
}

export const password = "correct horse battery";

export class People {
  private readonly server: Server;
  private readonly browsers: Browser[] = [];
  private count = 0;

  constructor(server: Server) {
    this.server = server;
  }

  browser(): Browser {
    const browser = new Browser(this.server.origin);
    this.browsers.push(browser);
    return browser;
  }

  async register(name: string): Promise<Person> {
    this.count += 1;
    const browser = this.browser();
    const client = browser.open();
    const email = `${name}${this.count}@example.org`;
    await client.start();
    await client.register({ email, password, display_name: name });
    await online(client);
    return { browser, client, id: myId(client), email };
  }

  /** Ana and Ben in a group that both have open. */
  async group(): Promise<{ ana: Person; ben: Person; id: string }> {
    const [ana, ben] = await Promise.all([this.register("Ana"), this.register("Ben")]);
    const id = await ana.client.createGroup({ alias: "Readers", user_ids: [ben.id] });
    await eventually(() => {
      if (row(ben.client, id) === undefined) throw new Error("Ben has not heard of the group");
    });
    await opened(ana.client, id);
    await opened(ben.client, id);
    return { ana, ben, id };
  }

  goHome(): void {
    for (const browser of this.browsers.splice(0)) browser.close();
  }
}

export async function online(client: Client): Promise<void> {
  await eventually(() => {
    const [connection, list] = [client.stores.connection.getState(), client.stores.conversations.getState()];
    if (connection.status !== "online" || list.status !== "ready") throw new Error(`not online: connection ${connection.status}, list ${list.status}`);
  });
}

export async function opened(client: Client, id: string): Promise<void> {
  client.openThread(id);
  await eventually(() => {
    if (thread(client, id).catchingUp) throw new Error("still catching up");
  });
}

export async function readToTheStart(client: Client, id: string): Promise<void> {
  while (thread(client, id).older.status === "more") await client.loadOlder(id);
}

export function row(client: Client, id: string) {
  return client.stores.conversations.getState().byId[id];
}

export function pending(client: Client, id: string) {
  return client.stores.outbox.getState().byConversation[id] ?? [];
}

export function thread(client: Client, id: string): OpenThread {
  const state = client.stores.threads.getState().byConversation[id];
  if (state?.status !== "open") throw new Error(`the thread is ${state?.status ?? "not opened"}`);
  return state;
}

export function contents(client: Client, id: string): readonly string[] {
  return thread(client, id).messages.map((message) => message.content);
}

function myId(client: Client): string {
  const session = client.stores.session.getState();
  if (session.status !== "signedIn") throw new Error("nobody is signed in");
  return session.me.id;
}
