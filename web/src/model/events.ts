/**
 * The lasting changes of a conversation, as its topic announces them. Each takes the next `seq` of the conversation;
 * `type` is the wire's event name, the other fields are its payload.
 *
 * In an encrypted conversation the topic only says that something was sealed (`encrypted_message`), and under the same seq each
 * who has a copy is told what on their own topic: `new_message`, `edit_message`, `encrypted_reaction`. The two come in any
 * order, and who came later than the message hears only the first.
 */

import type { Act } from "./acts.ts";
import type { Conversation, Member } from "./conversation.ts";
import type { KeyObject } from "./encryption.ts";
import type { Message } from "./message.ts";

export type ConversationEvent =
  | { readonly type: "new_message"; readonly seq: number; readonly message: Message }
  | { readonly type: "edit_message"; readonly seq: number; readonly message: Message }
  | { readonly type: "delete_message"; readonly seq: number; readonly message: Message }
  | { readonly type: "add_previews"; readonly seq: number; readonly message: Message }
  | { readonly type: "close_poll"; readonly seq: number; readonly message: Message }
  | Act
  | { readonly type: "update_alias"; readonly seq: number; readonly conversation: Conversation }
  | { readonly type: "join_conversation"; readonly seq: number; readonly members: readonly Member[] }
  | { readonly type: "leave_conversation"; readonly seq: number; readonly user_id: string; readonly removed: boolean }
  | { readonly type: "update_member"; readonly seq: number; readonly member: Member }
  | SealedWord
  /** The member goes by other keys from now on. */
  | {
      readonly type: "set_encryption_keys";
      readonly seq: number;
      readonly user_id: string;
      readonly public_key: KeyObject;
    };

/** That something was sealed, without what. */
export interface SealedWord {
  readonly type: "encrypted_message";
  readonly seq: number;
  readonly message_group_id: string;
  /** The message's place in history. */
  readonly message_seq: number;
  readonly change: "sent" | "edited" | "reacted";
}

export type ConversationEventType = ConversationEvent["type"];

export const conversationEventTypes = [
  "new_message",
  "edit_message",
  "delete_message",
  "add_previews",
  "close_poll",
  "react",
  "unreact",
  "pin",
  "unpin",
  "vote",
  "update_alias",
  "join_conversation",
  "leave_conversation",
  "update_member",
  "encrypted_message",
  "encrypted_reaction",
  "set_encryption_keys",
] as const satisfies readonly ConversationEventType[];
