import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Catchup } from "../../src/client/catchup.ts";
import { Copies } from "../../src/client/copies.ts";
import type { Changes } from "../../src/model/conversation.ts";
import type { Snapshot } from "../../src/model/convergence.ts";
import { ApiError } from "../../src/protocol/errors.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";
import { anyChange } from "../model/changes.ts";
import { ServedConversation } from "../model/served.ts";

interface Reader {
  readonly copies: Copies;
  readonly catchup: Catchup;
  readonly asked: number[];
  readonly tooFar: string[];
  readonly gone: string[];
  /** The seqs of the messages that were told of as new. */
  readonly news: number[];
}

/** A client's copy, as it was read from the server at this moment. */
function reader(server: ServedConversation, rest: { changes: (id: string, since: number) => Promise<Changes> }): Reader {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const copies = new Copies(stores, eg.ana);
  const [asked, tooFar, gone, news]: [number[], string[], string[], number[]] = [[], [], [], []];
  const read = (): void => {
    const { conversation, stretch, roster } = server.copy(Number.POSITIVE_INFINITY);
    copies.adopt([conversation]);
    const messages = stretch?.messages ?? [];
    copies.putThread(eg.chatId, {
      status: "open",
      head: conversation.head_seq,
      messages,
      older: { status: "start" },
      newer: { status: "end" },
      readSeqs: {},
      unreadAfter: null,
      catchingUp: false,
    });
    stores.memberships.setState({
      byConversation: { [eg.chatId]: { status: "ready", head: conversation.head_seq, members: roster?.members ?? [] } },
    });
  };
  read();
  const catchup = new Catchup({
    rest: {
      changes: async (id, since) => {
        asked.push(since);
        return await rest.changes(id, since);
      },
    },
    copies,
    onTooFar: async (id) => {
      tooFar.push(id);
      read();
      await Promise.resolve();
    },
    onChanges: () => undefined,
    onGone: (id) => gone.push(id),
    onNews: (_id, messages) => news.push(...messages.map((message) => message.seq)),
  });
  return { copies, catchup, asked, tooFar, gone, news };
}

function living(copy: Snapshot | null) {
  const members = copy?.roster?.members.filter((member) => !member.left) ?? [];
  return {
    conversation: copy?.conversation,
    stretch: copy?.stretch,
    members: members.toSorted((one, other) => one.user_id.localeCompare(other.user_id)),
  };
}

describe("a copy that misses events", () => {
  test("becomes the fresh copy, whichever were lost, however slowly the server answers", async () => {
    const happening = fc.array(fc.record({ change: anyChange, isLost: fc.boolean(), isHeld: fc.boolean() }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(happening, fc.integer({ min: 8, max: 20 }), async (story, limit) => {
        const server = new ServedConversation(3);
        const { copies, catchup } = reader(server, {
          changes: async (_id, since) => {
            const changes = server.changesSince(since, limit);
            await Promise.resolve();
            return changes;
          },
        });
        for (const { change, isLost, isHeld } of story) {
          const event = server.make(change);
          if (event !== null && !isLost && copies.hear(eg.chatId, event)) catchup.heardAhead(eg.chatId, event.seq);
          if (!isHeld) await Promise.resolve();
        }
        const last = server.make({ kind: "send", by: eg.ben, mentions: [] });
        if (last !== null && copies.hear(eg.chatId, last)) catchup.heardAhead(eg.chatId, last.seq);
        await catchup.run(eg.chatId);
        expect(living(copies.get(eg.chatId))).toEqual(living(server.copy(Number.POSITIVE_INFINITY)));
      }),
    );
  });

  test("tells of what was sent in the gap, and of nothing that it had", async () => {
    const server = new ServedConversation(2);
    const { copies, catchup, news } = reader(server, {
      changes: async (_id, since) => await Promise.resolve(server.changesSince(since, 20)),
    });
    const old = copies.openThread(eg.chatId)?.messages.at(-1);
    server.make({ kind: "send", by: eg.ben, mentions: [] });
    server.make({ kind: "send", by: eg.ben, mentions: [] });
    const last = server.make({ kind: "send", by: eg.ben, mentions: [] });
    if (last && copies.hear(eg.chatId, last)) catchup.heardAhead(eg.chatId, last.seq);
    await catchup.run(eg.chatId);
    const sent = copies.openThread(eg.chatId)?.messages.filter(({ seq }) => seq > (old?.seq ?? 0));
    expect(news).toEqual(sent?.map(({ seq }) => seq));
    expect(news).toHaveLength(3);
  });

  test("asks for nothing when nothing is missing", async () => {
    const server = new ServedConversation(0);
    const { catchup, asked } = reader(server, { changes: async () => await Promise.reject(new Error("asked")) });
    await catchup.run(eg.chatId);
    expect(asked).toEqual([]);
  });

  test("is read anew when the gap is too wide", async () => {
    const server = new ServedConversation(0);
    const { copies, catchup, tooFar, asked } = reader(server, {
      changes: async (_id, since) => await Promise.resolve(server.changesSince(since, 2)),
    });
    const events = Array.from({ length: 20 }, () => server.make({ kind: "send", by: eg.ben, mentions: [] }));
    const last = events.at(-1);
    if (last && copies.hear(eg.chatId, last)) catchup.heardAhead(eg.chatId, last.seq);
    await catchup.run(eg.chatId);
    expect(asked).toHaveLength(4);
    expect(tooFar).toEqual([eg.chatId]);
    expect(copies.openThread(eg.chatId)?.messages).toHaveLength(20);
  });

  test("of a conversation that is no more is given up", async () => {
    const server = new ServedConversation(0);
    const { catchup, gone } = reader(server, {
      changes: async () => await Promise.reject(new ApiError({ status: 404, code: "not_found", detail: "Gone." })),
    });
    catchup.heardAhead(eg.chatId, 9);
    await catchup.run(eg.chatId);
    expect(gone).toEqual([eg.chatId]);
  });
});
