/** What the composer is writing: a new message, an answer, or a change of an old one. */

import type { Message } from "../../model/message.ts";

export type Composing =
  | { readonly type: "new" }
  | { readonly type: "reply"; readonly message: Message }
  | { readonly type: "edit"; readonly message: Message };

export const composingNew: Composing = { type: "new" };

/** The last of one's own messages that can still be edited. */
export function lastEditable(messages: readonly Message[], myId: string): Message | undefined {
  return messages.findLast((message) => message.sender === myId && !message.is_deleted);
}
