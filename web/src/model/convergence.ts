/**
 * How a copy of a conversation keeps up with the server.
 *
 * Every lasting change takes the next `seq` and is announced by exactly one event. A copy knows the `head` up to which it
 * is current: an event at or before it is old news, the one right after it is applied, and a later one shows a hole, which
 * the rows changed since the head close. The law: old copy + events = fresh copy = old copy + changes, split anywhere.
 *
 * A copy has up to three pieces, each with its own head, since they are read at different moments: the row in the list,
 * the loaded stretch of messages, and the list of members.
 *
 * In an encrypted conversation the reader has no copy of what was sent before they came, and is told of changes to it all the
 * same: those move the heads and nothing else. A word that something was sealed moves the head of a piece that has nothing of
 * it; another piece lacks what was sealed, which comes under the same seq.
 */

import { type Act, afterAct, afterRewriting } from "./acts.ts";
import type { Changes, Member, OwnConversation } from "./conversation.ts";
import type { ConversationEvent, SealedWord } from "./events.ts";
import { bySeq, mergeMessages, type Window, withinWindow } from "./history.ts";
import { isMentioned, type Message } from "./message.ts";

export interface Snapshot {
  readonly conversation: OwnConversation;
  readonly stretch: Stretch | null;
  readonly roster: Roster | null;
}

/** The messages loaded, without gaps, each as it was at `head`; news come into a stretch that reaches the end. */
export interface Stretch extends Window {
  readonly head: number;
}

/** All rows of members known at `head`, those who left included. */
export interface Roster {
  readonly head: number;
  readonly members: readonly Member[];
}

/** The seq from which on some piece misses changes; null when all pieces are current up to the row's head. */
export function holeAfter(snapshot: Snapshot): number | null {
  const heads = [snapshot.conversation.head_seq, snapshot.stretch?.head, snapshot.roster?.head];
  const known = heads.filter((head) => head !== undefined);
  const lowest = Math.min(...known);
  return lowest < Math.max(...known) ? lowest : null;
}

/**
 * Applies the event to every piece that it follows upon; `missed` tells that some piece lacks changes before it, or what was
 * sealed where the event is only a word of it.
 */
export function applyEvent(
  snapshot: Snapshot,
  event: ConversationEvent,
  myId: string,
): { readonly snapshot: Snapshot; readonly missed: boolean } {
  const { conversation, stretch, roster } = snapshot;
  const follows = (head: number): boolean => event.seq === head + 1;
  const heads = [conversation.head_seq, stretch?.head, roster?.head];
  const lacksInRow = follows(conversation.head_seq) && isWord(event) && concernsRow(conversation, event);
  const lacksInStretch = stretch !== null && follows(stretch.head) && isWord(event) && concernsStretch(stretch, event);
  const isAhead = heads.some((head) => head !== undefined && event.seq > head + 1);
  return {
    missed: isAhead || lacksInRow || lacksInStretch,
    snapshot: {
      conversation:
        follows(conversation.head_seq) && !lacksInRow ? conversationAfter(conversation, event, myId) : conversation,
      stretch: stretch && follows(stretch.head) && !lacksInStretch ? stretchAfter(stretch, event) : stretch,
      roster: roster && follows(roster.head) ? rosterAfter(roster, event) : roster,
    },
  };
}

/**
 * Several answers as one. They must not be applied one by one: a message both sent and edited in the gap is only in the
 * answer that reaches its edit, where nothing tells that it was sent in the gap.
 */
export function continueChanges(earlier: Changes, later: Changes): Changes {
  return {
    ...later,
    since: earlier.since,
    messages: mergeMessages(earlier.messages.toSorted(bySeq), later.messages),
    members: mergeMembers(earlier.members, later.members),
    users: [...earlier.users, ...later.users],
    read_seqs: { ...earlier.read_seqs, ...later.read_seqs },
  };
}

/** Brings every piece whose head lies within the (complete) answer up to its end. */
export function applyChanges(snapshot: Snapshot, changes: Changes, myId: string): Snapshot {
  const { conversation, stretch, roster } = snapshot;
  const covers = (head: number): boolean => changes.since <= head && head < changes.seq;
  return {
    conversation: covers(conversation.head_seq) ? conversationCaughtUp(conversation, changes, myId) : conversation,
    stretch:
      stretch && covers(stretch.head)
        ? { ...stretch, head: changes.seq, messages: takeIn(stretch, changes.messages) }
        : stretch,
    roster:
      roster && covers(roster.head)
        ? { head: changes.seq, members: mergeMembers(roster.members, changes.members) }
        : roster,
  };
}

/** Lays rows of members over the known ones: the later change of a person's row wins. */
export function mergeMembers(members: readonly Member[], incoming: readonly Member[]): readonly Member[] {
  const rows = new Map(members.map((member) => [member.user_id, member]));
  for (const member of incoming) {
    const known = rows.get(member.user_id);
    if (known === undefined || member.changed_seq > known.changed_seq) rows.set(member.user_id, member);
  }
  return [...rows.values()];
}

function conversationAfter(conversation: OwnConversation, event: ConversationEvent, myId: string): OwnConversation {
  const next = { ...conversation, head_seq: event.seq };
  switch (event.type) {
    case "new_message":
      return {
        ...next,
        last_message: event.message,
        last_activity_at: event.message.inserted_at,
        ...counted(next, event.message, myId, 1),
      };
    case "edit_message":
    case "add_previews":
    case "close_poll":
      return { ...next, last_message: revised(next.last_message, event.message) };
    case "delete_message":
      return {
        ...next,
        last_message: revised(next.last_message, event.message),
        ...counted(next, event.message, myId, -1),
      };
    case "react":
    case "unreact":
    case "pin":
    case "unpin":
    case "vote":
    case "encrypted_reaction":
      return { ...next, last_message: next.last_message && afterAct(next.last_message, event) };
    case "encrypted_message":
    case "set_encryption_keys":
      return next;
    case "update_alias":
      return { ...next, ...event.conversation, head_seq: event.seq };
    case "join_conversation":
      return withOwnRole({ ...next, member_count: next.member_count + event.members.length }, event.members, myId);
    case "leave_conversation":
      return { ...next, member_count: next.member_count - 1 };
    case "update_member":
      return withOwnRole(next, [event.member], myId);
  }
}

function stretchAfter(stretch: Stretch, event: ConversationEvent): Stretch {
  switch (event.type) {
    case "edit_message":
    case "delete_message":
      return { ...stretch, head: event.seq, messages: rewritten(stretch.messages, event.message) };
    case "new_message":
    case "add_previews":
    case "close_poll":
      return { ...stretch, head: event.seq, messages: takeIn(stretch, [event.message]) };
    case "react":
    case "unreact":
    case "pin":
    case "unpin":
    case "vote":
    case "encrypted_reaction":
      return { ...stretch, head: event.seq, messages: actedUpon(stretch.messages, event) };
    case "encrypted_message":
    case "set_encryption_keys":
    case "update_alias":
    case "join_conversation":
    case "leave_conversation":
    case "update_member":
      return { ...stretch, head: event.seq };
  }
}

function rosterAfter(roster: Roster, event: ConversationEvent): Roster {
  switch (event.type) {
    case "join_conversation":
      return { head: event.seq, members: mergeMembers(roster.members, event.members) };
    case "update_member":
      return { head: event.seq, members: mergeMembers(roster.members, [event.member]) };
    case "leave_conversation":
      return {
        head: event.seq,
        members: roster.members.map((member) =>
          member.user_id === event.user_id ? { ...member, left: true, changed_seq: event.seq } : member,
        ),
      };
    default:
      return { ...roster, head: event.seq };
  }
}

function conversationCaughtUp(conversation: OwnConversation, changes: Changes, myId: string): OwnConversation {
  const head = conversation.head_seq;
  const missed = changes.messages.filter((message) => message.changed_seq > head);
  let { last_message: last } = conversation;
  let counts: Counts = conversation;
  for (const message of missed) {
    last = latestOf(last, message);
    const by = countOf(message, head);
    if (by !== 0) counts = counted({ ...conversation, ...counts }, message, myId, by);
  }
  const next: OwnConversation = {
    ...conversation,
    ...changes.conversation,
    head_seq: changes.seq,
    last_message: last,
    last_activity_at: last !== null && last.seq > head ? last.inserted_at : conversation.last_activity_at,
    unread: counts.unread,
    mentions: counts.mentions,
  };
  return withOwnRole(next, changes.members, myId);
}

function isWord(event: ConversationEvent): event is SealedWord {
  return event.type === "encrypted_message";
}

function concernsRow({ last_message: last }: OwnConversation, { change, message_seq }: SealedWord): boolean {
  return change === "sent" || last?.seq === message_seq;
}

/** What is not loaded, between the edges, is not the reader's; what lies beyond an edge comes with a page. */
function concernsStretch({ messages, reachesEnd }: Stretch, { change, message_seq }: SealedWord): boolean {
  return change === "sent" ? reachesEnd : messages.some((message) => message.seq === message_seq);
}

/** Only what is there is rewritten: of an encrypted conversation everyone hears of deletions, whether they had a copy or not. */
function rewritten(messages: readonly Message[], message: Message): readonly Message[] {
  const known = messages.find(({ seq }) => seq === message.seq);
  return known === undefined ? messages : mergeMessages(messages, [afterRewriting(known, message)]);
}

function takeIn(stretch: Stretch, incoming: readonly Message[]): readonly Message[] {
  return mergeMessages(stretch.messages, withinWindow(stretch, incoming));
}

function actedUpon(messages: readonly Message[], act: Act): readonly Message[] {
  const at = messages.findIndex((message) => message.id === act.message_group_id);
  const message = messages[at];
  return message === undefined ? messages : messages.with(at, afterAct(message, act));
}

/** What a message seen in the gap after `head` does to the counts, whatever happened to it there. */
function countOf(message: Message, head: number): 1 | -1 | 0 {
  if (message.seq > head) return message.is_deleted ? 0 : 1;
  return message.is_deleted ? -1 : 0;
}

type Counts = Pick<OwnConversation, "unread" | "mentions">;

/** The counts with one more, or one fewer, message to be read; one's own and what is read already count nothing. */
function counted(conversation: OwnConversation, message: Message, myId: string, by: 1 | -1): Counts {
  const { unread, mentions } = conversation;
  if (!isPastPointer(conversation, message) || message.sender === myId) return { unread, mentions };
  return { unread: unread + by, mentions: mentions + (isMentioned(message, myId) ? by : 0) };
}

function isPastPointer(conversation: OwnConversation, message: Message): boolean {
  return message.seq > conversation.read_seq;
}

function withOwnRole(conversation: OwnConversation, members: readonly Member[], myId: string): OwnConversation {
  const own = members.find((member) => member.user_id === myId && !member.left);
  return own === undefined ? conversation : { ...conversation, role: own.role };
}

/** The last message after a change of `candidate`, which was sent at or before it. */
function revised(last: Message | null, candidate: Message): Message | null {
  return last?.id === candidate.id && candidate.changed_seq > last.changed_seq ? afterRewriting(last, candidate) : last;
}

/** The last message when `candidate` is known too, whenever it was sent. */
function latestOf(last: Message | null, candidate: Message): Message | null {
  return last === null || candidate.seq > last.seq ? candidate : revised(last, candidate);
}
