/**
 * An encrypted conversation as the server keeps it for one reader: of what was sent before they came (`readerComes`) they have
 * no copy. Each change is told in one word to all, or in two halves: a word to all, and what was sealed to those who have a copy.
 */

import type { Changes, OwnConversation } from "../../src/model/conversation.ts";
import type { Snapshot } from "../../src/model/convergence.ts";
import type { ConversationEvent, SealedWord } from "../../src/model/events.ts";
import type { Message } from "../../src/model/message.ts";
import * as eg from "../examples.ts";
import { type Change, ServedConversation } from "./served.ts";

export interface Told {
  /** On the conversation's topic. */
  readonly toAll: ConversationEvent;
  /** On the reader's own topic. */
  readonly toReader: ConversationEvent | null;
}

export class ServedSealed {
  private readonly open = new ServedConversation(0);
  private readSeq: number;
  private joinedSeq = 0;

  constructor(readSeq: number) {
    this.readSeq = readSeq;
  }

  /** Whoever comes has read what was before. */
  readerComes(): void {
    this.joinedSeq = this.open.copy(1).conversation.head_seq;
    this.readSeq = Math.max(this.readSeq, this.joinedSeq);
  }

  make(change: Change): Told | null {
    // In an encrypted conversation there are no votes, and nobody knows who is mentioned.
    if (change.kind === "vote") return null;
    const event = this.open.make(change.kind === "send" ? { ...change, mentions: [] } : change);
    return event && this.tell(event);
  }

  copy(loaded: number, skipped = 0): Snapshot {
    const { conversation, stretch, roster } = this.open.copy(Number.POSITIVE_INFINITY);
    const held = this.held(stretch?.messages ?? []);
    const upTo = Math.max(held.length - skipped, Math.min(1, held.length));
    const from = Math.max(upTo - loaded, 0);
    return {
      conversation: this.row(conversation, held),
      stretch: {
        head: conversation.head_seq,
        messages: held.slice(from, upTo),
        reachesStart: from === 0,
        reachesEnd: upTo === held.length,
      },
      roster,
    };
  }

  changesSince(since: number, limit = Number.POSITIVE_INFINITY): Changes {
    const changes = this.open.changesSince(since, limit);
    return { ...changes, messages: this.held(changes.messages), conversation: { ...changes.conversation, encrypted: true } };
  }

  private row(row: OwnConversation, held: readonly Message[]): OwnConversation {
    const last = held.at(-1) ?? null;
    const unread = held.filter(({ seq, sender, is_deleted }) => seq > this.readSeq && sender !== eg.ana && !is_deleted);
    return {
      ...row,
      encrypted: true,
      read_seq: this.readSeq,
      unread: unread.length,
      last_message: last,
      last_activity_at: last?.inserted_at ?? "2024-05-01T12:00:00.000Z",
    };
  }

  private held(messages: readonly Message[]): readonly Message[] {
    return messages.filter((message) => this.isHeld(message)).map(sealed);
  }

  private isHeld(message: Message): boolean {
    return message.seq > this.joinedSeq;
  }

  private tell(event: ConversationEvent): Told {
    switch (event.type) {
      case "new_message":
        return this.halves(event.seq, event.message, "sent", { ...event, message: sealed(event.message) });
      case "edit_message": {
        const { encrypted_reactions: _kept, ...message } = sealed(event.message);
        return this.halves(event.seq, event.message, "edited", { ...event, message });
      }
      case "react":
      case "unreact": {
        const message = this.message(event.message_group_id);
        const { user_id, message_group_id, seq } = event;
        const content = sealed(message).encrypted_reactions?.[user_id] ?? null;
        const toReader = { type: "encrypted_reaction", seq, message_group_id, user_id, content } as const;
        return this.halves(seq, message, "reacted", toReader);
      }
      case "delete_message":
        return { toAll: { ...event, message: { ...event.message, reactions: [] } }, toReader: null };
      case "update_alias":
        return { toAll: { ...event, conversation: { ...event.conversation, encrypted: true } }, toReader: null };
      default:
        return { toAll: event, toReader: null };
    }
  }

  private halves(seq: number, message: Message, change: SealedWord["change"], toReader: ConversationEvent): Told {
    return {
      toAll: { type: "encrypted_message", seq, message_group_id: message.id, message_seq: message.seq, change },
      toReader: this.isHeld(message) ? toReader : null,
    };
  }

  private message(id: string): Message {
    const found = this.open.copy(Number.POSITIVE_INFINITY).stretch?.messages.find((message) => message.id === id);
    if (found === undefined) throw new Error(`There is no message ${id}.`);
    return found;
  }
}

/** As it is read by who has a copy of it: with what each reacted with sealed for them. */
function sealed(message: Message): Message {
  const reactions: Record<string, string> = {};
  for (const { emoji, user_ids } of message.reactions) {
    for (const userId of user_ids) reactions[userId] = `${reactions[userId] ?? ""}${emoji}`;
  }
  return {
    ...message,
    reactions: [],
    poll: null,
    encrypted: true,
    copy_id: `copy-${message.seq}`,
    encrypted_reactions: reactions,
  };
}
