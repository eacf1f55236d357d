/** The pictures and videos of a conversation, in a row from the oldest to the newest. */

import type { Viewed } from "../../bindings/viewer.ts";
import type { Message } from "../../model/message.ts";

/** What can be looked at among these messages; `viewed` is in it even where its message is not among them. */
export function galleryOf(messages: readonly Message[], viewed: Viewed): readonly Viewed[] {
  const isThere = messages.some((message) => message.id === viewed.message.id);
  const all = isThere ? messages : [...messages, viewed.message].toSorted((one, other) => one.seq - other.seq);
  return all.flatMap((message) =>
    message.is_deleted
      ? []
      : message.attachments
          .filter(({ kind }) => kind === "image" || kind === "video")
          .map((attachment) => ({ message, attachment })),
  );
}

/** Messages of several readings, each once and in order. */
export function joined(...readings: readonly (readonly Message[])[]): readonly Message[] {
  const byId = new Map(readings.flat().map((message) => [message.id, message]));
  return [...byId.values()].toSorted((one, other) => one.seq - other.seq);
}
