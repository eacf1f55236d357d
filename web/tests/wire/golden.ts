/** The golden frames of `wire/`, which the server's tests hold it to word for word. */

import { readdirSync, readFileSync } from "node:fs";

/** A frame of Phoenix, version 2 of its serializer: join_ref, ref, topic, event, payload. */
export type Frame = readonly [string | null, string | null, string, string, object];

const folder = new URL("../../../wire/", import.meta.url);

/** One file for each event of the core; beside them lie the rules of the protocol, which are the server's. */
export const eventNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && file !== "phoenix_rules.json")
  .map((file) => file.replace(".json", ""))
  .toSorted();

/** What the server says of an event; null where it says nothing. */
export function golden(eventName: string): Frame | null {
  return read(eventName).phoenix;
}

/** What it says in the conversation of an event of which each hears more on their own topic. */
export function goldenInConversation(eventName: string): Frame {
  const { in_conversation: frame } = read(eventName);
  if (frame === undefined) throw new Error(`Of ${eventName} everyone hears the same.`);
  return frame;
}

function read(eventName: string): { readonly phoenix: Frame | null; readonly in_conversation?: Frame } {
  return JSON.parse(readFileSync(new URL(`${eventName}.json`, folder), "utf-8")) as ReturnType<typeof read>;
}
