import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Catchup } from "../../src/client/catchup.ts";
import { Copies } from "../../src/client/copies.ts";
import { Hearing } from "../../src/client/hearing.ts";
import type { ConversationEvent } from "../../src/model/events.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";
import { anyChange } from "../model/changes.ts";
import { ServedSealed } from "../model/served_sealed.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function reader(server: ServedSealed) {
  const copies = new Copies(createStores({ theme: "auto", magnification: 1, hidden: false }), eg.ana);
  const { conversation, stretch } = server.copy(Number.POSITIVE_INFINITY);
  copies.adopt([conversation]);
  copies.putThread(eg.chatId, {
    status: "open",
    head: conversation.head_seq,
    messages: stretch?.messages ?? [],
    older: { status: "start" },
    newer: { status: "end" },
    readSeqs: {},
    unreadAfter: null,
    catchingUp: false,
  });
  const asked: number[] = [];
  const catchup = new Catchup({
    rest: {
      changes: async (_id, since) => {
        asked.push(since);
        return await Promise.resolve(server.changesSince(since));
      },
    },
    copies,
    onTooFar: async () => await Promise.reject(new Error("too far")),
    onNews: () => undefined,
    onChanges: () => undefined,
    onGone: () => undefined,
  });
  const hearing = new Hearing(copies, catchup);
  return { copies, asked, hearing };
}

function shown(copies: Copies) {
  const copy = copies.get(eg.chatId);
  return { row: copy?.conversation, messages: copy?.stretch?.messages };
}

function served(server: ServedSealed) {
  const copy = server.copy(Number.POSITIVE_INFINITY);
  return { row: copy.conversation, messages: copy.stretch?.messages };
}

/** Two topics as one: each in its own order, `turns` says which of them is heard next. */
function interleaved(
  [all, own]: readonly [readonly ConversationEvent[], readonly ConversationEvent[]],
  turns: readonly boolean[],
): readonly ConversationEvent[] {
  const [left, right] = [[...all], [...own]];
  const heard: ConversationEvent[] = [];
  for (let turn = 0; left.length + right.length > 0; turn += 1) {
    const event = (turns[turn % turns.length] ? left.shift() : right.shift()) ?? left.shift() ?? right.shift();
    if (event !== undefined) heard.push(event);
  }
  return heard;
}

const story = fc.record({
  before: fc.array(anyChange, { maxLength: 8 }),
  earlier: fc.array(anyChange, { maxLength: 8 }),
  later: fc.array(anyChange, { maxLength: 25 }),
  turns: fc.array(fc.boolean(), { minLength: 5, maxLength: 20 }),
});

function told({ before, earlier, later }: { before: Parameters<ServedSealed["make"]>[0][]; earlier: typeof before; later: typeof before }) {
  const server = new ServedSealed(3);
  for (const change of before) server.make(change);
  server.readerComes();
  for (const change of earlier) server.make(change);
  const one = reader(server);
  const changes = later.map((change) => server.make(change)).filter((change) => change !== null);
  const all = changes.map(({ toAll }) => toAll);
  const own = changes.map(({ toReader }) => toReader).filter((event) => event !== null);
  return { server, one, topics: [all, own] as const };
}

describe("a copy of an encrypted conversation that hears two topics", () => {
  test("is the fresh copy once both were heard, however far one was ahead, and nothing was asked for", () => {
    fc.assert(
      fc.property(story, ({ turns, ...histories }) => {
        const { server, one, topics } = told(histories);
        for (const event of interleaved(topics, turns)) one.hearing.hear(eg.chatId, event);
        expect(shown(one.copies)).toEqual(served(server));
        expect(one.asked).toEqual([]);
      }),
    );
  });

  test("asks for what does not come in time, and is the fresh copy then", async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), async ({ turns, ...histories }, lost) => {
        const { server, one, topics } = told(histories);
        const heard = interleaved(topics, turns).filter((_, at) => lost[at] === false);
        for (const event of heard) one.hearing.hear(eg.chatId, event);
        const last = server.make({ kind: "send", by: eg.ben, mentions: [] });
        if (last?.toReader) one.hearing.hear(eg.chatId, last.toReader);
        await vi.advanceTimersByTimeAsync(600);
        expect(shown(one.copies)).toEqual(served(server));
      }),
    );
  });

  test("waits half a second for the other half, and not longer", async () => {
    const server = new ServedSealed(0);
    const one = reader(server);
    const sent = server.make({ kind: "send", by: eg.ben, mentions: [] });
    if (sent) one.hearing.hear(eg.chatId, sent.toAll);
    await vi.advanceTimersByTimeAsync(490);
    expect(one.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    expect(one.asked).toEqual([1]);
    expect(shown(one.copies)).toEqual(served(server));
  });
});

test("an open conversation asks at once", async () => {
  const server = new ServedSealed(0);
  const one = reader(server);
  const row = one.copies.row(eg.chatId);
  one.copies.put(eg.chatId, { conversation: { ...(row ?? eg.conversation()), encrypted: false }, stretch: null, roster: null });
  one.hearing.hear(eg.chatId, { type: "new_message", seq: 5, message: eg.message({ seq: 5 }) });
  await vi.advanceTimersByTimeAsync(0);
  expect(one.asked).toEqual([1]);
});
