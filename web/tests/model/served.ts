/**
 * A conversation as the server keeps it, small enough to be seen through: it makes each change under the next seq, tells
 * of it in one event, and answers fresh copies and the rows changed since any moment.
 */

import type { Changes, Conversation, Member, OwnConversation } from "../../src/model/conversation.ts";
import type { Snapshot } from "../../src/model/convergence.ts";
import type { ConversationEvent } from "../../src/model/events.ts";
import type { Message, Poll, Reaction } from "../../src/model/message.ts";
import * as eg from "../examples.ts";

export type Change =
  | { readonly kind: "send"; readonly by: string; readonly mentions: readonly string[] }
  | { readonly kind: "edit"; readonly which: number }
  | { readonly kind: "delete"; readonly which: number }
  /** Reacts, or takes it back. */
  | { readonly kind: "react"; readonly which: number; readonly who: string; readonly emoji: string }
  | { readonly kind: "pin"; readonly which: number }
  | { readonly kind: "vote"; readonly which: number; readonly who: string; readonly choices: readonly number[] }
  | { readonly kind: "rename"; readonly alias: string }
  | { readonly kind: "join"; readonly who: string }
  | { readonly kind: "leave"; readonly who: string }
  | { readonly kind: "promote"; readonly who: string };

export class ServedConversation {
  private head = 1;
  private alias = "Readers";
  private messages: Message[] = [];
  private members: Member[] = [eg.member({ user_id: eg.ana }), eg.member({ user_id: eg.ben })];
  private readonly readSeq: number;

  constructor(readSeq: number) {
    this.readSeq = readSeq;
  }

  /** Null when there is nothing to change (no such message, already a member, ...). */
  make(change: Change): ConversationEvent | null {
    const seq = this.head + 1;
    const event = this.carryOut(change, seq);
    if (event !== null) this.head = seq;
    return event === null ? null : this.word(event, seq);
  }

  /**
   * What a reader who asks now is given: so many messages are `loaded`, at least one if there are any, up to the latest
   * but `skipped`.
   */
  copy(loaded: number, skipped = 0): Snapshot {
    const upTo = Math.max(this.messages.length - skipped, Math.min(1, this.messages.length));
    const from = Math.max(upTo - loaded, 0);
    return {
      conversation: this.row(),
      stretch: {
        head: this.head,
        messages: this.messages.slice(from, upTo),
        reachesStart: from === 0,
        reachesEnd: upTo === this.messages.length,
      },
      roster: { head: this.head, members: this.members.filter((member) => !member.left) },
    };
  }

  changesSince(since: number, limit = Number.POSITIVE_INFINITY): Changes {
    const rows = [...this.messages, ...this.members]
      .filter((row) => row.changed_seq > since)
      .toSorted((one, other) => one.changed_seq - other.changed_seq);
    const isCut = rows.length > limit;
    const seq = isCut ? (rows[limit - 1]?.changed_seq ?? since) : this.head;
    return {
      conversation: this.shared(),
      since,
      seq,
      complete: !isCut,
      messages: this.messages.filter((row) => row.changed_seq > since && row.changed_seq <= seq),
      members: this.members.filter((row) => row.changed_seq > since && row.changed_seq <= seq),
      users: [],
      read_seqs: {},
    };
  }

  private shared(): Conversation {
    const present = this.members.filter((row) => !row.left);
    return eg.sharedConversation({ alias: this.alias, head_seq: this.head, member_count: present.length });
  }

  private row(): OwnConversation {
    const last = this.messages.at(-1) ?? null;
    const unread = this.messages.filter((row) => row.seq > this.readSeq && row.sender !== eg.ana && !row.is_deleted);
    return eg.conversation({
      ...this.shared(),
      read_seq: this.readSeq,
      role: this.members.find((row) => row.user_id === eg.ana)?.role ?? "member",
      last_message: last,
      last_activity_at: last?.inserted_at ?? "2024-05-01T12:00:00.000Z",
      unread: unread.length,
      mentions: unread.filter((row) => row.mentions.includes(eg.ana)).length,
    });
  }

  private carryOut(change: Change, seq: number): Change | null {
    switch (change.kind) {
      case "send":
        this.messages.push(eg.message({ seq, sender: change.by, mentions: change.mentions, poll }));
        return change;
      case "edit":
        return this.rewrite(change, (row) => ({ ...row, content: `edited ${seq}`, edited: true, changed_seq: seq }));
      case "delete":
        return this.rewrite(change, (row) => ({ ...row, content: "", is_deleted: true, reactions: [], poll: null, pinned_at: null, changed_seq: seq }));
      case "react":
        return this.rewrite(change, (row) => ({
          ...row,
          reactions: toggled(row.reactions, change.emoji, change.who),
          changed_seq: seq,
        }));
      case "pin":
        return this.rewrite(change, (row) => ({ ...row, pinned_at: row.pinned_at ? null : pinnedAt, changed_seq: seq }));
      case "vote":
        return this.rewrite(change, (row) => ({ ...row, poll: voted(change.who, change.choices, row), changed_seq: seq }));
      case "rename":
        this.alias = change.alias;
        return change;
      case "join":
        return this.place(change, (known) =>
          known && !known.left ? null : eg.member({ user_id: change.who, joined_seq: seq, changed_seq: seq }),
        );
      case "leave":
        return this.place(change, (known) =>
          known && !known.left && change.who !== eg.ana ? { ...known, left: true, changed_seq: seq } : null,
        );
      case "promote":
        return this.place(change, (known) =>
          known && !known.left && known.role === "member" ? { ...known, role: "admin", changed_seq: seq } : null,
        );
    }
  }

  private rewrite(change: Extract<Change, { which: number }>, revise: (row: Message) => Message): Change | null {
    const at = this.messages.length === 0 ? -1 : change.which % this.messages.length;
    const row = this.messages[at];
    if (row === undefined || row.is_deleted) return null;
    this.messages[at] = revise(row);
    return { ...change, which: at };
  }

  private place(change: Change & { who: string }, revise: (known: Member | undefined) => Member | null): Change | null {
    const revised = revise(this.members.find((row) => row.user_id === change.who));
    if (revised === null) return null;
    const at = this.members.findIndex((row) => row.user_id === change.who);
    if (at === -1) this.members.push(revised);
    else this.members[at] = revised;
    return change;
  }

  private word(change: Change, seq: number): ConversationEvent {
    const changed = this.messages.find((row) => row.changed_seq === seq);
    const member = this.members.find((row) => row.changed_seq === seq);
    switch (change.kind) {
      case "send":
        return { type: "new_message", seq, message: given(changed) };
      case "edit":
        return { type: "edit_message", seq, message: given(changed) };
      case "delete":
        return { type: "delete_message", seq, message: given(changed) };
      case "react": {
        const { id, reactions } = given(changed);
        const isReacting = reactions.some((row) => row.emoji === change.emoji && row.user_ids.includes(change.who));
        const told = { seq, message_group_id: id, user_id: change.who, emoji: change.emoji };
        return isReacting ? { type: "react", ...told } : { type: "unreact", ...told };
      }
      case "pin": {
        const { id, pinned_at } = given(changed);
        const told = { seq, message_group_id: id, user_id: eg.ben };
        return pinned_at === null ? { type: "unpin", ...told } : { type: "pin", ...told, pinned_at };
      }
      case "vote":
        return { type: "vote", seq, message_group_id: given(changed).id, user_id: change.who, choices: change.choices };
      case "rename":
        return { type: "update_alias", seq, conversation: { ...this.shared(), head_seq: seq } };
      case "join":
        return { type: "join_conversation", seq, members: [given(member)] };
      case "leave":
        return { type: "leave_conversation", seq, user_id: change.who, removed: false };
      case "promote":
        return { type: "update_member", seq, member: given(member) };
    }
  }
}

const pinnedAt = "2024-05-01T15:00:00.000Z";
const poll: Poll = {
  question: "When?",
  options: ["Today", "Tomorrow"].map((text) => ({ text, count: 0, user_ids: [] })),
  multiple: true,
  closed_at: null,
};

function toggled(reactions: readonly Reaction[], emoji: string, who: string): readonly Reaction[] {
  const people = new Map(reactions.map((row) => [row.emoji, row.user_ids]));
  const before = people.get(emoji) ?? [];
  people.set(emoji, before.includes(who) ? before.filter((id) => id !== who) : [...before, who]);
  return [...people].flatMap(([name, ids]) => (ids.length === 0 ? [] : [{ emoji: name, count: ids.length, user_ids: ids }]));
}

function voted(who: string, choices: readonly number[], row: Message): Poll | null {
  if (row.poll === null) return null;
  const options = row.poll.options.map(({ text, user_ids }, index) => {
    const ids = [...user_ids.filter((id) => id !== who), ...(choices.includes(index) ? [who] : [])];
    return { text, count: ids.length, user_ids: ids };
  });
  return { ...row.poll, options };
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the change left no row");
  return value;
}
