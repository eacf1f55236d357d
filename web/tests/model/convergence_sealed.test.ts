import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyChanges, applyEvent, type Snapshot } from "../../src/model/convergence.ts";
import type { ConversationEvent } from "../../src/model/events.ts";
import * as eg from "../examples.ts";
import { anyChange } from "./changes.ts";
import { ServedSealed, type Told } from "./served_sealed.ts";

const history = fc.record({
  before: fc.array(anyChange, { maxLength: 10 }),
  earlier: fc.array(anyChange, { maxLength: 20 }),
  later: fc.array(anyChange, { maxLength: 20 }),
  loaded: fc.integer({ min: 1, max: 8 }),
  skipped: fc.constantFrom(0, 0, 1, 3),
  readSeq: fc.nat(15),
});
type Story = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

function tell({ before, earlier, later, loaded, skipped, readSeq }: Story) {
  const server = new ServedSealed(readSeq);
  for (const change of before) server.make(change);
  server.readerComes();
  for (const change of earlier) server.make(change);
  const old = server.copy(loaded, skipped);
  const told = later.map((change) => server.make(change)).filter((one) => one !== null);
  return { server, old, told };
}

/** The halves of each change, the word first or last. */
function halvesOf({ toAll, toReader }: Told, wordFirst: boolean): readonly ConversationEvent[] {
  if (toReader === null) return [toAll];
  return wordFirst ? [toAll, toReader] : [toReader, toAll];
}

function after(copy: Snapshot, told: readonly Told[], wordFirst: (at: number) => boolean): Snapshot {
  return told.reduce((before, one, at) => {
    const halves = halvesOf(one, wordFirst(at));
    const applied = halves.reduce((done, event) => applyEvent(done.snapshot, event, eg.ana), { snapshot: before, missed: false });
    // Of two halves the first may leave something wanting; the second never does.
    expect(applied.missed).toBe(false);
    return applied.snapshot;
  }, copy);
}

function comparable(copy: Snapshot, like: Snapshot): unknown {
  const { messages = [], reachesStart = true, reachesEnd = true } = like.stretch ?? {};
  const [from, to] = [reachesStart ? 0 : (messages[0]?.seq ?? 0), reachesEnd ? Infinity : (messages.at(-1)?.seq ?? Infinity)];
  return {
    conversation: copy.conversation,
    head: copy.stretch?.head,
    messages: copy.stretch?.messages.filter(({ seq }) => from <= seq && seq <= to),
    members: copy.roster?.members.filter((member) => !member.left).map(({ user_id, role }) => `${user_id} ${role}`).toSorted(),
  };
}

describe("a copy of an encrypted conversation", () => {
  test("becomes the fresh copy by words and what was sealed, whichever of the two comes first", () => {
    fc.assert(
      fc.property(history, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (story, order) => {
        const { server, old, told } = tell(story);
        const fresh = server.copy(Number.POSITIVE_INFINITY);
        expect(comparable(after(old, told, (at) => order[at] ?? true), old)).toEqual(comparable(fresh, old));
      }),
    );
  });

  test("becomes the fresh copy by halves up to any point and changes from there", () => {
    fc.assert(
      fc.property(history, fc.nat(20), (story, split) => {
        const { server, old, told } = tell(story);
        const halfway = after(old, told.slice(0, split), () => false);
        const copy = applyChanges(halfway, server.changesSince(halfway.conversation.head_seq), eg.ana);
        expect(comparable(copy, old)).toEqual(comparable(server.copy(Number.POSITIVE_INFINITY), old));
      }),
    );
  });

  test("says that it misses what was sealed when there is only the word of it, and stays as it is", () => {
    fc.assert(
      fc.property(history, (story) => {
        const { server, old, told } = tell(story);
        const current = after(old, told, () => true);
        const sent = server.make({ kind: "send", by: eg.ben, mentions: [] }) as Told;
        const { snapshot, missed } = applyEvent(current, sent.toAll, eg.ana);
        expect(missed).toBe(true);
        expect(snapshot.conversation).toEqual(current.conversation);
      }),
    );
  });

  test("is not disturbed by what it has heard", () => {
    fc.assert(
      fc.property(history, (story) => {
        const { old, told } = tell(story);
        const once = after(old, told, () => true);
        const again = told.flatMap((one) => halvesOf(one, false)).reduce((copy, event) => {
          const { snapshot, missed } = applyEvent(copy, event, eg.ana);
          expect(missed).toBe(false);
          return snapshot;
        }, once);
        expect(again).toEqual(once);
      }),
    );
  });

  test("hears of what was before its reader came, and only its heads move", () => {
    const server = new ServedSealed(0);
    const send = () => server.make({ kind: "send", by: eg.ben, mentions: [] });
    for (let count = 0; count < 4; count += 1) send();
    server.readerComes();
    send();
    send();
    const old = server.copy(Number.POSITIVE_INFINITY);
    const held = old.stretch?.messages.map(({ seq }) => seq);
    expect(held).toEqual([6, 7]);
    const told = (["edit", "delete"] as const).map((kind) => server.make({ kind, which: 0 }) as Told);
    const copy = after(old, told, () => true);
    expect(copy.stretch).toEqual({ ...old.stretch, head: 9 });
    expect(copy.conversation).toEqual({ ...old.conversation, head_seq: 9 });
  });
});
