/** How the nouns and the events of the client's model are read off the wire. */

import type { Conversation, Member } from "../../src/model/conversation.ts";
import type { ConversationEvent, ConversationEventType } from "../../src/model/events.ts";
import type { Message } from "../../src/model/message.ts";
import type { Me, User } from "../../src/model/user.ts";
import { anything, flag, list, nullOr, number, object, oneOf, type Read, text, time } from "./reading.ts";

const userFields = {
  id: text,
  email: nullOr(text),
  display_name: text,
  username: nullOr(text),
  number,
  avatar: nullOr(text),
  about: nullOr(text),
  is_deleted: flag,
};

export const user = object<User>(userFields);

const role = oneOf("owner", "admin", "member");

export const me = object<Me>({
  ...userFields,
  phone: nullOr(text),
  second_step: flag,
  is_admin: flag,
  confirmed_at: nullOr(time),
  hidden: flag,
  theme: oneOf("day", "night", "auto"),
  magnification: number,
  recents: list(text),
});

export const conversation = object<Conversation>({
  id: text,
  private: flag,
  alias: nullOr(text),
  inserted_at: time,
  updated_at: time,
  kind: oneOf("private", "group", "room"),
  encrypted: flag,
  number,
  name: nullOr(text),
  topic: nullOr(text),
  description: nullOr(text),
  head_seq: number,
  member_count: number,
});

const message = object<Message>({
  id: text,
  sender: text,
  content: text,
  inserted_at: time,
  updated_at: time,
  message_group: text,
  conversation_id: text,
  seq: number,
  changed_seq: number,
  reply_to: nullOr(text),
  forwarded_from: nullOr(text),
  reactions: list(anything),
  attachments: list(anything),
  edited: flag,
  is_deleted: flag,
  client_ref: nullOr(text),
});

const member = object<Member>({
  user_id: text,
  user: object<User>(userFields),
  role,
  joined_at: time,
  joined_seq: number,
  changed_seq: number,
  left: flag,
  read_seq: number,
  read_at: nullOr(time),
});

type EventOf<Type extends ConversationEventType> = Extract<ConversationEvent, { readonly type: Type }>;

const readers: { readonly [Type in ConversationEventType]: Read<EventOf<Type>> } = {
  new_message: object<EventOf<"new_message">>({ type: oneOf("new_message"), seq: number, message }),
  edit_message: object<EventOf<"edit_message">>({ type: oneOf("edit_message"), seq: number, message }),
  delete_message: object<EventOf<"delete_message">>({ type: oneOf("delete_message"), seq: number, message }),
  update_alias: object<EventOf<"update_alias">>({ type: oneOf("update_alias"), seq: number, conversation }),
  join_conversation: object<EventOf<"join_conversation">>({
    type: oneOf("join_conversation"),
    seq: number,
    members: list(member),
  }),
  leave_conversation: object<EventOf<"leave_conversation">>({
    type: oneOf("leave_conversation"),
    seq: number,
    user_id: text,
    removed: flag,
  }),
  update_member: object<EventOf<"update_member">>({ type: oneOf("update_member"), seq: number, member }),
};

/** A lasting change of a conversation, read as its type says. */
export const conversationEvent: Read<ConversationEvent> = (value, where) => {
  const { type } = object<{ type: ConversationEventType }>({
    type: oneOf(...(Object.keys(readers) as ConversationEventType[])),
  })(value, where);
  return readers[type](value, where);
};
