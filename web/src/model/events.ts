/**
 * The lasting changes of a conversation, as its topic announces them. Each takes the next `seq` of the conversation;
 * `type` is the wire's event name, the other fields are its payload.
 */

import type { Conversation, Member } from "./conversation.ts";
import type { Message } from "./message.ts";

export type ConversationEvent =
  | { readonly type: "new_message"; readonly seq: number; readonly message: Message }
  | { readonly type: "edit_message"; readonly seq: number; readonly message: Message }
  | { readonly type: "delete_message"; readonly seq: number; readonly message: Message }
  | { readonly type: "update_alias"; readonly seq: number; readonly conversation: Conversation }
  | { readonly type: "join_conversation"; readonly seq: number; readonly members: readonly Member[] }
  | { readonly type: "leave_conversation"; readonly seq: number; readonly user_id: string; readonly removed: boolean }
  | { readonly type: "update_member"; readonly seq: number; readonly member: Member };

export type ConversationEventType = ConversationEvent["type"];

export const conversationEventTypes = [
  "new_message",
  "edit_message",
  "delete_message",
  "update_alias",
  "join_conversation",
  "leave_conversation",
  "update_member",
] as const satisfies readonly ConversationEventType[];
