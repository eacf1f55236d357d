/** People who talk encrypted, for the tests against a real server. */

import { expect } from "vitest";
import { type ShownMessage, shownMessage } from "../../src/model/opening.ts";
import type { Client } from "../../src/client/client.ts";
import { eventually } from "../eventually.ts";
import { opened, type People, type Person, row, thread } from "./people.ts";

export interface Sealer extends Person {
  readonly recoveryKey: string;
}

/** Somebody whose account has an identity, and who sees at once who reads along from then on. */
export async function sealer(people: People, name: string): Promise<Sealer> {
  const person = await people.register(name);
  const { encryption, stores } = person.client;
  stores.encryption.subscribe(({ rooms }) => {
    for (const [id, { newcomers }] of Object.entries(rooms)) if (newcomers !== undefined) void encryption.acceptReaders(id, newcomers);
  });
  const { recoveryKey } = await person.client.encryption.setUp();
  return { ...person, recoveryKey };
}

/** An encrypted group that everyone has open, and all have keys in. */
export async function sealedGroup(everyone: readonly Person[]): Promise<string> {
  const [first, ...others] = everyone;
  if (first === undefined) throw new Error("nobody");
  const id = await first.client.createGroup({ alias: "Keepers", user_ids: others.map((one) => one.id), encrypted: true });
  for (const { client } of everyone) await isIn(client, id);
  await everyoneReady(everyone, id);
  return id;
}

export async function isIn(client: Client, id: string): Promise<void> {
  await eventually(() => expect(row(client, id)).toBeDefined());
  await opened(client, id);
}

/** All can seal for all. */
export async function everyoneReady(everyone: readonly Person[], id: string): Promise<void> {
  for (const { client } of everyone) {
    await eventually(() => expect(client.stores.encryption.getState().rooms[id]).toEqual({ waitingFor: [], changed: [] }));
  }
}

export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is nothing");
  return value;
}

export function shown(client: Client, id: string): readonly ShownMessage[] {
  const openings = client.stores.opened.getState();
  return thread(client, id).messages.map((message) => shownMessage(message, openings));
}

export function texts(client: Client, id: string): readonly string[] {
  return shown(client, id).map(({ content, seal }) => (seal === "open" ? content : `[${seal}]`));
}

export async function eventuallySays(client: Client, id: string, said: readonly string[]): Promise<void> {
  await eventually(() => expect(texts(client, id)).toEqual(said));
}
