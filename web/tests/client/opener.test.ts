/** What becomes of sealed messages that stand in the stores. */

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { Opener } from "../../src/client/sealed/opener.ts";
import { accept } from "../../src/crypto/identities.ts";
import type { ConversationKeys } from "../../src/crypto/key_pairs.ts";
import { sealEdit, sealMessage } from "../../src/crypto/sealing.ts";
import type { Message } from "../../src/model/message.ts";
import { shownMessage } from "../../src/model/opening.ts";
import { createStores } from "../../src/stores/stores.ts";
import * as eg from "../examples.ts";
import { keysOf, otherChatId, person, type Person, verified } from "../crypto/people.ts";

let people: { readonly ana: Person; readonly ben: Person };
let ben: ConversationKeys;
let ana: ConversationKeys;
const closing: (() => void)[] = [];

beforeAll(async () => {
  people = { ana: await person(eg.ana), ben: await person(eg.ben) };
  [ben, ana] = await Promise.all([keysOf(people.ben), keysOf(people.ana)]);
});

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What Ben has said to Ana, as the server tells her of it. */
async function said(seq: number, text: string, ref = `ref-${seq}`): Promise<Message> {
  const content = (await sealMessage({ text }, ref, ben, [await verified(ana)]))[eg.ana] ?? "";
  return eg.message({ seq, content, client_ref: ref, encrypted: true, copy_id: `copy-${seq}` });
}

/** A copy of it in which something is another than it was. */
function changed(message: Message, patch: object): Message {
  return { ...message, content: JSON.stringify({ ...(JSON.parse(message.content) as object), ...patch }) };
}

/** Ana's device; `broken` are the thumbprints of pairs at which it fails. */
function device(pairs: readonly ConversationKeys[] = [ana]) {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const broken = new Set<string>();
  const kept = new Map<string, string | null>();
  const opener = new Opener({
    myId: eg.ana,
    stores,
    own: { unlocked: () => null },
    rooms: {
      settled: async () => await Promise.resolve(),
      pair: async (thumbprint) => {
        if (broken.has(thumbprint)) throw new TypeError("The disk has failed.");
        return await Promise.resolve(pairs.find((pair) => pair.thumbprint === thumbprint) ?? null);
      },
      isForeign: () => false,
      isStranger: () => false,
    },
    trust: { pin: () => accept(null, eg.ben, ben.object.identity), see: async () => await Promise.resolve() },
    onOpened: ({ id }, text) => void kept.set(id, text),
  });
  closing.push(() => opener.stop());
  const shown = async (...messages: readonly Message[]) => {
    opener.want(messages);
    await Promise.all(messages.map(async (message) => await opener.opened(message)));
    return messages.map((message) => {
      const { seal, content } = shownMessage(message, stores.opened.getState());
      return seal === "open" ? content : `[${seal}]`;
    });
  };
  return { opener, stores, shown, broken, kept };
}

describe("a message at which the page fails", () => {
  test("takes none of the others along, says so, and opens once it can", async () => {
    const { shown, broken } = device();
    const [one, two, three] = [await said(1, "one"), await said(2, "two"), await said(3, "three")];
    broken.add("elsewhere");
    expect(await shown(one, changed(two, { to: "elsewhere" }), three)).toEqual(["one", "[failed]", "three"]);
    broken.clear();
    expect(await shown(two)).toEqual(["two"]);
  });
});

describe("what is kept of a message that stands in no store", () => {
  test("goes when it is deleted, by a word that names no copy, even while it is being opened", async () => {
    const { opener, shown, kept } = device();
    const [one, two] = [await said(1, "one"), await said(2, "two")];
    await shown(one);
    expect(kept.get(one.id)).toBe("one");
    opener.want([two]);
    for (const { id, seq } of [one, two]) opener.hear([eg.message({ id, seq, content: "", is_deleted: true })]);
    await opener.opened(two);
    expect([kept.get(one.id), kept.get(two.id)]).toEqual([null, null]);
  });
});

describe("a message that is shown twice", () => {
  test.each([
    ["first", [1, 2]],
    ["last", [2, 1]],
  ])("is believed where its seq is lower, with the true one opened %s", async (_, order) => {
    const { shown, kept } = device();
    const twice = [await said(1, "pay once", "ref"), await said(2, "pay once", "ref")];
    for (const seq of order) await shown(...twice.filter((message) => message.seq === seq));
    expect(await shown(...twice)).toEqual(["pay once", "[shown_again]"]);
    expect([kept.get("message-1"), kept.get("message-2")]).toEqual(["pay once", null]);
  });

  test("is told from it among those that are opened together", async () => {
    const messages = await Promise.all([5, 4, 3, 2].map(async (seq) => await said(seq, "pay once", "ref")));
    expect(await device().shown(...messages)).toEqual(["[shown_again]", "[shown_again]", "[shown_again]", "pay once"]);
  });

  test("is not what two messages without a name are", async () => {
    expect(await device().shown(await said(1, "one", ""), await said(2, "two", ""))).toEqual(["one", "two"]);
  });
});

test("what changes while it is opened is known when the later of it is open", async () => {
  const { opener, shown } = device();
  const [before, after] = [await said(1, "before", "ref"), await said(1, "after", "ref")];
  opener.want([before]);
  expect(await shown(after)).toEqual(["after"]);
});

describe("why a message is not shown", () => {
  test("is told as what it is", async () => {
    const message = await said(1, "hello");
    const elsewhere = await keysOf(people.ana, otherChatId);
    const { shown } = device([ana, elsewhere]);
    const unsigned = { ...ben.object, at: "2026-01-01T00:00:00.000Z" };
    const faults = [
      ["other_chat", changed(message, { to: elsewhere.thumbprint })],
      ["unsigned", changed(message, { from: unsigned })],
      ["misplaced", { ...message, client_ref: "another" }],
      ["tampered", changed(message, { ct: "A".repeat(100) })],
      ["malformed", { ...message, content: "hello" }],
      ["newer", changed(message, { v: 2 })],
    ] as const;
    for (const [why, found] of faults) expect(await shown(found)).toEqual([`[${why}]`]);
  });

  test("is that it was edited since, where an earlier wording comes back", async () => {
    const { shown } = device();
    const message = await said(1, "frist", "ref");
    const edited = await sealEdit({ text: "first", edit: 1 }, "ref", message.id, ben, [await verified(ana)]);
    expect(await shown({ ...message, content: edited[eg.ana] ?? "", edited: true })).toEqual(["first"]);
    expect(await shown(message)).toEqual(["[outdated]"]);
  });
});
