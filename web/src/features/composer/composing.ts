/** What the composer is writing: a new message, an answer, or a change of an old one. */

import type { Message } from "../../model/message.ts";
import { isReadable, type ShownMessage } from "../../model/opening.ts";

export type Composing =
  | { readonly type: "new" }
  | { readonly type: "reply"; readonly message: Message }
  | { readonly type: "edit"; readonly message: Message };

/** What one was at when one was here last. */
export function composingAt(replied: Message | null): Composing {
  return replied === null ? { type: "new" } : { type: "reply", message: replied };
}

/** The last of one's own messages that can still be edited. */
export function lastEditable(messages: readonly ShownMessage[], myId: string): ShownMessage | undefined {
  return messages.findLast((message) => message.sender === myId && !message.is_deleted && isReadable(message));
}
