/** Example values for the tests: each function gives a complete one, varied by what is handed in. */

import type { Conversation, Member, OwnConversation } from "../src/model/conversation.ts";
import type { Attachment, Message } from "../src/model/message.ts";
import type { PendingFile, PendingMessage } from "../src/model/pending.ts";
import type { User } from "../src/model/user.ts";

export const ana = "0190a000-0000-7000-8000-00000000000a";
export const ben = "0190a000-0000-7000-8000-00000000000b";
export const cleo = "0190a000-0000-7000-8000-00000000000c";
export const chatId = "0190c000-0000-7000-8000-000000000001";

export function user(init: Partial<User> = {}): User {
  return { id: ben, email: null, display_name: "Ben", username: "ben", number: 2, avatar: null, about: null, is_deleted: false, ...init };
}

export function message(init: Partial<Message> & { seq: number }): Message {
  const id = init.id ?? `message-${init.seq}`;
  const sentAt = new Date(Date.UTC(2024, 4, 1, 12, init.seq)).toISOString();
  return {
    id,
    sender: ben,
    content: `message ${init.seq}`,
    inserted_at: sentAt,
    updated_at: sentAt,
    message_group: id,
    conversation_id: chatId,
    changed_seq: init.seq,
    reply_to: null,
    forwarded_from: null,
    reactions: [],
    attachments: [],
    mentions: [],
    mentions_all: false,
    poll: null,
    previews: [],
    silent: false,
    pinned_at: null,
    edited: false,
    is_deleted: false,
    client_ref: null,
    ...init,
  };
}

export function sharedConversation(init: Partial<Conversation> = {}): Conversation {
  return {
    id: chatId,
    private: false,
    alias: "Readers",
    inserted_at: "2024-05-01T12:00:00.000Z",
    updated_at: "2024-05-01T12:00:00.000Z",
    kind: "group",
    encrypted: false,
    number: 7,
    name: null,
    topic: null,
    description: null,
    picture: null,
    slow_mode_s: 0,
    head_seq: 1,
    member_count: 2,
    ...init,
  };
}

export function conversation(init: Partial<OwnConversation> = {}): OwnConversation {
  return {
    ...sharedConversation(),
    read_seq: 0,
    unread: 0,
    mentions: 0,
    preferences: { notify: null, muted_until: null, pinned_at: null, archived_at: null, marked_unread: false },
    role: "member",
    last_message: null,
    others_read_seq: 0,
    peer: null,
    last_activity_at: "2024-05-01T12:00:00.000Z",
    ...init,
  };
}

export function member(init: Partial<Member> = {}): Member {
  const userId = init.user_id ?? ben;
  return {
    user_id: userId,
    user: user({ id: userId }),
    role: "member",
    joined_at: "2024-05-01T12:00:00.000Z",
    joined_seq: 1,
    changed_seq: 1,
    left: false,
    read_seq: 0,
    read_at: null,
    ...init,
  };
}

export function pending(init: Partial<PendingMessage> = {}): PendingMessage {
  return {
    clientRef: "ref-1",
    conversationId: chatId,
    content: "on its way",
    replyTo: null,
    files: [],
    poll: null,
    silent: false,
    queuedAt: Date.UTC(2024, 4, 1, 13),
    delivery: { status: "waiting" },
    ...init,
  };
}

export function pendingFile(init: Partial<PendingFile> = {}): PendingFile {
  return {
    ref: "file-1",
    name: "notes.txt",
    mediaType: "text/plain",
    size: 5,
    width: null,
    height: null,
    content: null,
    upload: null,
    attachment: null,
    ...init,
  };
}

export function attachment(init: Partial<Attachment> = {}): Attachment {
  return {
    id: "upload-1",
    name: "notes.txt",
    kind: "file",
    media_type: "text/plain",
    size: 5,
    url: "/api/uploads/upload-1/notes.txt",
    thumbnail_url: null,
    width: null,
    height: null,
    duration_ms: null,
    blurhash: null,
    ...init,
  };
}
