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
  const { phoenix } = JSON.parse(readFileSync(new URL(`${eventName}.json`, folder), "utf-8")) as {
    phoenix: Frame | null;
  };
  return phoenix;
}
