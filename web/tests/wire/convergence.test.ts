/** What the golden frame of each lasting change makes of a copy that is current up to it. */

import { describe, expect, test } from "vitest";
import type { Member, OwnConversation } from "../../src/model/conversation.ts";
import { applyEvent, type Snapshot } from "../../src/model/convergence.ts";
import { type ConversationEvent, conversationEventTypes } from "../../src/model/events.ts";
import type { Message, Poll } from "../../src/model/message.ts";
import * as eg from "../examples.ts";
import { withMessageIds } from "../../src/protocol/sealed_ids.ts";
import { eventNames, golden, goldenInConversation } from "./golden.ts";
import { conversationEvent } from "./nouns.ts";

const ana = "0198c2a4-5a50-7000-8000-0000000000a1";
const bea = "0198c2a4-5a50-7000-8000-0000000000b1";

/** What a copy of Ana's looks like after an event: only what has changed is said. */
interface Outcome {
  readonly row?: Partial<OwnConversation>;
  readonly messages?: readonly Partial<Message>[];
  readonly members?: readonly Partial<Member>[];
}

const sent = message("message_sent");
const edited = message("message_edited");
const deleted = message("message_deleted");
const sealed = message("sealed_sent");
const sealedAnew = message("sealed_edited");
/** Of these all are told that they happened, and who has a copy what they are. */
const sealedNames = ["sealed_sent", "sealed_edited", "sealed_reacted"];

/** By the event's name: the copy before it, and the one after it. */
const stories: Readonly<Record<string, { readonly before?: Outcome; readonly after: Outcome }>> = {
  message_sent: {
    after: { row: { last_message: sent, last_activity_at: sent.inserted_at, unread: 1 }, messages: [sent] },
  },
  message_edited: {
    before: { row: { last_message: sent, unread: 1 }, messages: [sent] },
    after: { row: { last_message: edited, unread: 1 }, messages: [edited] },
  },
  message_deleted: {
    before: { row: { last_message: edited, unread: 1 }, messages: [edited] },
    after: { row: { last_message: deleted, unread: 0 }, messages: [deleted] },
  },
  reaction_added: {
    before: { row: { last_message: sent }, messages: [sent] },
    after: { messages: [{ reactions: [{ emoji: "🎉", count: 1, user_ids: [bea] }], changed_seq: 9 }] },
  },
  reaction_removed: {
    before: { messages: [{ ...sent, reactions: [{ emoji: "🎉", count: 1, user_ids: [bea] }] }] },
    after: { messages: [{ reactions: [], changed_seq: 9 }] },
  },
  message_pinned: { before: { messages: [sent] }, after: { messages: [{ pinned_at: "2026-01-02T03:06:07.890Z" }] } },
  message_unpinned: {
    before: { messages: [{ ...sent, pinned_at: "2026-01-02T03:06:07.890Z" }] },
    after: { messages: [{ pinned_at: null }] },
  },
  poll_voted: {
    before: { messages: [{ ...sent, poll: poll([], null) }] },
    after: { messages: [{ poll: poll([bea], null) }] },
  },
  poll_closed: {
    before: { messages: [{ ...sent, poll: poll([bea], null) }] },
    after: { messages: [{ poll: poll([bea], "2026-01-02T03:06:07.890Z") }] },
  },
  previews_added: {
    before: { messages: [sent] },
    after: { messages: [{ previews: [expect.objectContaining({ title: "Example", width: 640 })] }] },
  },
  conversation_changed: {
    before: { row: { member_count: 3, alias: "Readers" } },
    after: { row: { member_count: 3, alias: "Friends", updated_at: "2026-01-02T03:05:00.000Z" } },
  },
  members_joined: {
    after: { row: { member_count: 3 }, members: [{ user_id: bea, role: "member", left: false }] },
  },
  member_left: {
    before: { row: { member_count: 3 }, members: [eg.member({ user_id: bea })] },
    after: { row: { member_count: 2 }, members: [{ user_id: bea, left: true, changed_seq: 9 }] },
  },
  sealed_sent: {
    after: { row: { last_message: sealed, last_activity_at: sealed.inserted_at, unread: 1 }, messages: [sealed] },
  },
  sealed_edited: {
    before: { row: { last_message: reacted(sealed) }, messages: [reacted(sealed)] },
    after: { row: { last_message: reacted(sealedAnew) }, messages: [reacted(sealedAnew)] },
  },
  sealed_reacted: {
    before: { messages: [reacted(sealed)] },
    after: { messages: [{ encrypted_reactions: { [ana]: "sealed for Bea", [bea]: "before" }, changed_seq: 9 }] },
  },
  keys_published: { before: { row: { unread: 1 }, messages: [sealed] }, after: { row: { unread: 1 }, messages: [sealed] } },
  member_changed: {
    before: { members: [eg.member({ user_id: bea })] },
    after: { members: [{ user_id: bea, role: "admin", changed_seq: 9 }] },
  },
};

function reacted(before: Message): Message {
  return { ...before, encrypted_reactions: { [bea]: "before" } };
}

function poll(voters: readonly string[], closed_at: string | null): Poll {
  const options = [
    { text: "Today", count: voters.length, user_ids: voters },
    { text: "Tomorrow", count: 0, user_ids: [] },
  ];
  return { question: "When?", options, multiple: false, closed_at };
}

test("each lasting change that the client knows has a golden frame", () => {
  const told: readonly string[] = lastingChanges().map(([, event]) => event.type);
  const toAll = sealedNames.map((name) => goldenInConversation(name)[3]);
  expect([...new Set([...told, ...toAll])].toSorted()).toEqual(conversationEventTypes.toSorted());
});

describe("a copy that hears", () => {
  test.each(lastingChanges())("%s becomes what it tells", (name, event) => {
    const { before = {}, after } = storyOf(name);
    const { snapshot, missed } = applyEvent(copy(event.seq - 1, before), event, ana);
    expect(missed).toBe(false);
    expect(snapshot).toMatchObject({
      conversation: { ...after.row, head_seq: event.seq },
      stretch: { head: event.seq, messages: after.messages ?? [] },
      roster: { head: event.seq, members: after.members ?? [] },
    });
  });

  test.each(lastingChanges())("%s again stays as it is, and of a hole before it says so", (name, event) => {
    const { before = {} } = storyOf(name);
    const current = copy(event.seq, before);
    expect(applyEvent(current, event, ana)).toEqual({ snapshot: current, missed: false });
    const behind = copy(event.seq - 2, before);
    expect(applyEvent(behind, event, ana)).toEqual({ snapshot: behind, missed: true });
  });

  test.each(sealedNames)("only the word of %s says that it misses the rest, and stays as it is", (name) => {
    const [, , , type, payload] = goldenInConversation(name);
    const word = conversationEvent({ type, ...payload }, name);
    const before = copy(word.seq - 1, { row: { last_message: sealed }, messages: [sealed] });
    const { snapshot, missed } = applyEvent(before, word, ana);
    expect(missed).toBe(true);
    expect(snapshot).toEqual({ ...before, roster: { ...before.roster, head: word.seq } });
  });

  test("of a role given to its reader takes it on", () => {
    const { snapshot } = applyEvent(copy(8, {}), eventOf("member_changed"), bea);
    expect(snapshot.conversation.role).toBe("admin");
  });

  test("its reader's own message counts nothing as unread", () => {
    const { snapshot } = applyEvent(copy(6, {}), eventOf("message_sent"), bea);
    expect(snapshot.conversation).toMatchObject({ last_message: sent, unread: 0 });
  });
});

/** The golden events that carry a seq. */
function lastingChanges(): readonly (readonly [string, ConversationEvent])[] {
  return eventNames
    .filter((name) => "seq" in (golden(name)?.[4] ?? {}))
    .map((name) => [name, eventOf(name)] as const);
}

function eventOf(name: string): ConversationEvent {
  const [, , , type, payload] = golden(name) ?? [null, null, "", name, {}];
  return conversationEvent(withMessageIds({ type, ...payload }), name);
}

function message(name: string): Message {
  const event = eventOf(name);
  if (!("message" in event)) throw new Error(`${name} tells of no message`);
  return event.message;
}

function storyOf(name: string): { readonly before?: Outcome; readonly after: Outcome } {
  const story = stories[name];
  if (story === undefined) throw new Error(`There is no story of what ${name} makes of a copy.`);
  return story;
}

function copy(head: number, { row, messages, members }: Outcome): Snapshot {
  return {
    conversation: eg.conversation({ head_seq: head, ...row }),
    stretch: { head, reachesStart: true, reachesEnd: true, messages: (messages ?? []) as readonly Message[] },
    roster: { head, members: (members ?? []) as readonly Member[] },
  };
}
