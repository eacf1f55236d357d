import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyChanges, applyEvent, continueChanges, holeAfter, type Snapshot } from "../../src/model/convergence.ts";
import type { ConversationEvent } from "../../src/model/events.ts";
import * as eg from "../examples.ts";
import { anyChange } from "./changes.ts";
import { type Change, ServedConversation } from "./served.ts";

const history = fc.record({
  earlier: fc.array(anyChange, { maxLength: 20 }),
  later: fc.array(anyChange, { maxLength: 20 }),
  loaded: fc.integer({ min: 1, max: 8 }),
  skipped: fc.constantFrom(0, 0, 1, 3),
  readSeq: fc.nat(15),
});

interface Story {
  readonly server: ServedConversation;
  readonly old: Snapshot;
  readonly events: readonly ConversationEvent[];
}

function tell(told: { earlier: Change[]; later: Change[]; loaded: number; skipped: number; readSeq: number }): Story {
  const server = new ServedConversation(told.readSeq);
  for (const change of told.earlier) server.make(change);
  const old = server.copy(told.loaded, told.skipped);
  const events = told.later.map((change) => server.make(change)).filter((event) => event !== null);
  return { server, old, events };
}

function after(copy: Snapshot, events: readonly ConversationEvent[]): Snapshot {
  return events.reduce((snapshot, event) => {
    const applied = applyEvent(snapshot, event, eg.ana);
    expect(applied.missed).toBe(false);
    return applied.snapshot;
  }, copy);
}

/** The copy with its messages cut to what `like` has loaded, members in order, and those gone left out. */
function comparable(copy: Snapshot, like: Snapshot): Snapshot {
  const oldest = like.stretch?.messages[0]?.seq ?? 0;
  const newest = like.stretch?.messages.at(-1)?.seq ?? 0;
  const hasStart = like.stretch?.reachesStart ?? true;
  const hasEnd = like.stretch?.reachesEnd ?? true;
  return {
    conversation: copy.conversation,
    stretch: copy.stretch && {
      head: copy.stretch.head,
      reachesStart: false,
      reachesEnd: false,
      messages: copy.stretch.messages.filter((message) => (hasStart || message.seq >= oldest) && (hasEnd || message.seq <= newest)),
    },
    roster: copy.roster && {
      head: copy.roster.head,
      members: copy.roster.members
        .filter((member) => !member.left)
        .toSorted((one, other) => one.user_id.localeCompare(other.user_id)),
    },
  };
}

describe("a copy of a conversation", () => {
  test("becomes the fresh copy by the events after it", () => {
    fc.assert(
      fc.property(history, (told) => {
        const { server, old, events } = tell(told);
        const fresh = server.copy(Number.POSITIVE_INFINITY);
        expect(comparable(after(old, events), old)).toEqual(comparable(fresh, old));
      }),
    );
  });

  test("becomes the fresh copy by the rows changed since it, however many answers they come in", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 6 }), (told, limit) => {
        const { server, old } = tell(told);
        const fresh = server.copy(Number.POSITIVE_INFINITY);
        let changes = server.changesSince(old.conversation.head_seq, limit);
        while (!changes.complete) changes = continueChanges(changes, server.changesSince(changes.seq, limit));
        expect(comparable(applyChanges(old, changes, eg.ana), old)).toEqual(comparable(fresh, old));
      }),
    );
  });

  test("becomes the fresh copy by events up to any point and changes from there", () => {
    fc.assert(
      fc.property(history, fc.nat(20), (told, split) => {
        const { server, old, events } = tell(told);
        const fresh = server.copy(Number.POSITIVE_INFINITY);
        const halfway = after(old, events.slice(0, split));
        const copy = applyChanges(halfway, server.changesSince(halfway.conversation.head_seq), eg.ana);
        expect(comparable(copy, old)).toEqual(comparable(fresh, old));
      }),
    );
  });

  test("is not disturbed by events it has heard and changes it has seen", () => {
    fc.assert(
      fc.property(history, (told) => {
        const { server, old, events } = tell(told);
        const once = after(old, events);
        expect(after(once, events)).toEqual(once);
        expect(applyChanges(once, server.changesSince(1), eg.ana)).toEqual(once);
      }),
    );
  });

  test("says from where it misses changes when an event is lost, and converges by asking from there", () => {
    fc.assert(
      fc.property(history, fc.nat(20), (told, lost) => {
        const { server, old, events } = tell(told);
        fc.pre(lost < events.length - 1);
        const before = after(old, events.slice(0, lost));
        const { missed, snapshot } = applyEvent(before, events[lost + 1] as ConversationEvent, eg.ana);
        expect(missed).toBe(true);
        expect(snapshot).toEqual(before);
        const copy = applyChanges(snapshot, server.changesSince(snapshot.conversation.head_seq), eg.ana);
        const fresh = server.copy(Number.POSITIVE_INFINITY);
        expect(comparable(copy, old)).toEqual(comparable(fresh, old));
      }),
    );
  });

  test("whose messages were read earlier than its row catches both up with one answer", () => {
    fc.assert(
      fc.property(history, (told) => {
        const { server, old } = tell(told);
        const fresh = server.copy(Number.POSITIVE_INFINITY);
        const mixed: Snapshot = { ...fresh, stretch: old.stretch, roster: old.roster };
        const hole = holeAfter(mixed);
        if (hole === null) return;
        const copy = applyChanges(mixed, server.changesSince(hole), eg.ana);
        expect(holeAfter(copy)).toBeNull();
        expect(comparable(copy, old)).toEqual(comparable(fresh, old));
      }),
    );
  });
});
