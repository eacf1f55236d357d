/** How the nouns and the events of the client's model are read off the wire. */

import type { Conversation, Member, Preferences } from "../../src/model/conversation.ts";
import type { ConversationEvent, ConversationEventType } from "../../src/model/events.ts";
import type {
  Attachment,
  Message,
  Origin,
  Poll,
  PollOption,
  Preview,
  Reaction,
  SealedContent,
} from "../../src/model/message.ts";
import type { Me, User } from "../../src/model/user.ts";
import { absentOr, anything, flag, list, nullOr, number, object, oneOf, type Read, record, text, time } from "./reading.ts";

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
  picture: nullOr(text),
  slow_mode_s: number,
  head_seq: number,
  member_count: number,
});

const people = list(text);

const attachment = object<Attachment>({
  id: text,
  name: text,
  kind: oneOf("image", "audio", "video", "file"),
  media_type: text,
  size: number,
  url: text,
  thumbnail_url: nullOr(text),
  width: nullOr(number),
  height: nullOr(number),
  duration_ms: nullOr(number),
  blurhash: nullOr(text),
  sealed: absentOr(object<SealedContent>({ key: text, iv: text, digest: text })),
});

const preview = object<Preview>({
  url: text,
  title: text,
  description: nullOr(text),
  site: nullOr(text),
  image: nullOr(text),
  width: nullOr(number),
  height: nullOr(number),
});

const poll = object<Poll>({
  question: text,
  options: list(object<PollOption>({ text, count: number, user_ids: people })),
  multiple: flag,
  closed_at: nullOr(time),
});

export const preferences = object<Preferences>({
  notify: nullOr(oneOf("all", "mentions", "nothing")),
  muted_until: nullOr(time),
  pinned_at: nullOr(time),
  archived_at: nullOr(time),
  marked_unread: flag,
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
  forwarded_from: nullOr(object<Origin>({ message_group: text, sender: text, conversation_id: nullOr(text) })),
  reactions: list(object<Reaction>({ emoji: text, count: number, user_ids: people })),
  attachments: list(attachment),
  mentions: people,
  mentions_all: flag,
  poll: nullOr(poll),
  previews: list(preview),
  silent: flag,
  pinned_at: nullOr(time),
  edited: flag,
  is_deleted: flag,
  client_ref: nullOr(text),
  encrypted: absentOr(flag),
  copy_id: absentOr(text),
  encrypted_reactions: absentOr(record(text)),
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

const told = { seq: number, message_group_id: text, user_id: text };

const readers: { readonly [Type in ConversationEventType]: Read<EventOf<Type>> } = {
  new_message: object<EventOf<"new_message">>({ type: oneOf("new_message"), seq: number, message }),
  edit_message: object<EventOf<"edit_message">>({ type: oneOf("edit_message"), seq: number, message }),
  delete_message: object<EventOf<"delete_message">>({ type: oneOf("delete_message"), seq: number, message }),
  add_previews: object<EventOf<"add_previews">>({ type: oneOf("add_previews"), seq: number, message }),
  close_poll: object<EventOf<"close_poll">>({ type: oneOf("close_poll"), seq: number, message }),
  react: object<EventOf<"react">>({ type: oneOf("react"), ...told, emoji: text }),
  unreact: object<EventOf<"unreact">>({ type: oneOf("unreact"), ...told, emoji: text }),
  pin: object<EventOf<"pin">>({ type: oneOf("pin"), ...told, pinned_at: time }),
  unpin: object<EventOf<"unpin">>({ type: oneOf("unpin"), ...told }),
  vote: object<EventOf<"vote">>({ type: oneOf("vote"), ...told, choices: list(number) }),
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
  encrypted_message: object<EventOf<"encrypted_message">>({
    type: oneOf("encrypted_message"),
    seq: number,
    message_group_id: text,
    message_seq: number,
    change: oneOf("sent", "edited", "reacted"),
  }),
  encrypted_reaction: object<EventOf<"encrypted_reaction">>({
    type: oneOf("encrypted_reaction"),
    ...told,
    content: nullOr(text),
  }),
  set_encryption_keys: object<EventOf<"set_encryption_keys">>({
    type: oneOf("set_encryption_keys"),
    seq: number,
    user_id: text,
    public_key: record(anything),
  }),
};

/** A lasting change of a conversation, read as its type says. */
export const conversationEvent: Read<ConversationEvent> = (value, where) => {
  const { type } = object<{ type: ConversationEventType }>({
    type: oneOf(...(Object.keys(readers) as ConversationEventType[])),
  })(value, where);
  return readers[type](value, where);
};
