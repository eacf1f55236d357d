/** What the reader may do with a message; the server decides by the same rules. */

import type { OwnConversation } from "./conversation.ts";
import type { Message } from "./message.ts";

type Place = Pick<OwnConversation, "kind" | "role" | "encrypted">;

/** One's own words, and not those of somebody else that were forwarded. */
export function mayEdit(message: Message, myId: string): boolean {
  return message.sender === myId && message.forwarded_from === null && message.poll === null;
}

/** Of one's own messages, and of all in a conversation that one looks after: deleting them, and closing their polls. */
export function mayDelete(message: Message, place: Place, myId: string): boolean {
  return message.sender === myId || looksAfter(place);
}

/** In rooms only who looks after them pins. */
export function mayPin(place: Place): boolean {
  return place.kind !== "room" || looksAfter(place);
}

/** What the server cannot read it cannot tell elsewhere. */
export function mayForward(place: Place): boolean {
  return !place.encrypted;
}

function looksAfter({ kind, role }: Place): boolean {
  return kind !== "private" && role !== "member";
}
