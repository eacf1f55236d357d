import { beforeAll, describe, expect, test } from "vitest";
import { accept, standingOf, withVerified } from "../../src/crypto/identities.ts";
import type { ConversationKeys } from "../../src/crypto/key_pairs.ts";
import { openMessage, openReaction, type Setting } from "../../src/crypto/opening.ts";
import { sealEdit, sealMessage, sealReaction } from "../../src/crypto/sealing.ts";
import * as eg from "../examples.ts";
import { keysOf, otherChatId, otherTarget, person, type Person, ref, setting, target, verified } from "./people.ts";

let people: { readonly ana: Person; readonly ben: Person; readonly cleo: Person };
let sender: ConversationKeys;
let reader: ConversationKeys;
let copy: string;

beforeAll(async () => {
  people = { ana: await person(eg.ana), ben: await person(eg.ben), cleo: await person(eg.cleo) };
  [sender, reader] = await Promise.all([keysOf(people.ana), keysOf(people.ben)]);
  copy = (await sealMessage({ text: "hello" }, ref, sender, [await verified(reader)]))[eg.ben] ?? "";
});

function changed(patch: object): string {
  return JSON.stringify({ ...(JSON.parse(copy) as object), ...patch });
}

async function opening(init: Partial<Setting> = {}, text = copy) {
  return await openMessage(text, setting(sender, reader, init));
}

describe("what does not open", () => {
  test.each(["", "gibberish", "[]", "null", '{"v":"1"}', '{"v":1}', "x".repeat(70_000)])("is malformed where it is %j", async (text) => {
    expect(await opening({}, text)).toEqual({ status: "closed", because: "malformed" });
  });

  test("is malformed where a field is of another kind", async () => {
    const fields = [{ kind: "poll" }, { ref: 7 }, { ref: "x".repeat(201) }, { to: null }, { enc: "AAAA" }, { ct: "" }, { ct: "A" }, { from: null }];
    for (const patch of fields) {
      expect(await opening({}, changed(patch))).toEqual({ status: "closed", because: "malformed" });
    }
  });

  test("is malformed where something in it has no UTF-8, so that nothing could be signed or bound to it", async () => {
    const half = "\uD800";
    const from = { ...sender.object, at: `2025-05-01 (${half})` };
    for (const text of [changed({ ref: half }), changed({ from })]) {
      expect(await opening({ ref: null }, text)).toEqual({ status: "closed", because: "malformed" });
    }
  });

  test("is unsupported where it is of a later version, or its key of another kind", async () => {
    expect(await opening({}, changed({ v: 2 }))).toEqual({ status: "closed", because: "unsupported" });
    const rsa = { kty: "RSA", n: "…", e: "AQAB" };
    expect(await opening({}, changed({ from: rsa }))).toEqual({ status: "closed", because: "unsupported" });
  });

  test("names the key that it wants, where that is not here", async () => {
    expect(await opening({ ownKeys: () => Promise.resolve(null) })).toEqual({ status: "closed", because: "unknown_key", to: reader.thumbprint });
  });

  test("says so where it was sealed to a key of the reader's for another conversation", async () => {
    const elsewhere = await keysOf(people.ben, otherChatId);
    const found = await opening({ ownKeys: () => Promise.resolve(elsewhere) });
    expect(found).toEqual({ status: "closed", because: "wrong_recipient_key" });
  });

  test("says so where the sender's key was not signed, or by somebody else, or for elsewhere", async () => {
    const unsigned = { status: "closed", because: "unsigned_sender_key" };
    const cleos = await keysOf(people.cleo);
    const elsewhere = await keysOf(people.ana, otherChatId);
    expect(await opening({}, changed({ from: { ...sender.object, sig: cleos.object.sig } }))).toEqual(unsigned);
    expect(await opening({}, changed({ from: { ...sender.object, identity: cleos.object.identity } }))).toEqual(unsigned);
    expect(await opening({}, changed({ from: { ...sender.object, at: "2026-01-01T00:00:00.000Z" } }))).toEqual(unsigned);
    expect(await opening({}, changed({ from: cleos.object }))).toEqual(unsigned);
    expect(await opening({}, changed({ from: elsewhere.object }))).toEqual(unsigned);
    expect(await opening({ senderId: eg.cleo })).toEqual(unsigned);
    expect(await opening({ conversationId: otherChatId, ownKeys: () => keysOf(people.ben, otherChatId) })).toEqual(unsigned);
  });

  test("was tampered with where another key of the sender's is put before it", async () => {
    const another = await keysOf(people.ana);
    expect(await opening({}, changed({ from: another.object }))).toEqual({ status: "closed", because: "tampered" });
  });

  test("is misplaced under another message, by the sender's name for it", async () => {
    expect(await opening({ ref: "another" })).toEqual({ status: "closed", because: "misplaced" });
    expect(await opening({ ref: null })).toMatchObject({ status: "opened", ref });
    // The name is bound: it cannot be changed to fit.
    expect(await opening({ ref: "another" }, changed({ ref: "another" }))).toEqual({ status: "closed", because: "tampered" });
  });

  test("is misplaced or tampered with where one kind is shown as another", async () => {
    const found = setting(sender, reader);
    expect(await openReaction(copy, found)).toEqual({ status: "closed", because: "misplaced" });
    const reaction = (await sealReaction(["👍"], target, sender, [await verified(reader)]))[eg.ben] ?? "";
    expect(await openMessage(reaction, { ...found, ref: null })).toEqual({ status: "closed", because: "misplaced" });
    for (const kind of ["edit", "reaction"]) {
      const disguised = changed({ kind, ref: "" });
      const opened = kind === "edit" ? await openMessage(disguised, { ...found, ref: null }) : await openReaction(disguised, found);
      expect(opened).toEqual({ status: "closed", because: "tampered" });
    }
  });

  test("was tampered with where an edit or reaction is put to another message", async () => {
    const to = [await verified(reader)];
    const edit = (await sealEdit({ text: "no", edit: 1 }, ref, target, sender, to))[eg.ben] ?? "";
    const reaction = (await sealReaction(["👎"], target, sender, to))[eg.ben] ?? "";
    const elsewhere = setting(sender, reader, { target: otherTarget });
    expect(await openMessage(edit, elsewhere)).toEqual({ status: "closed", because: "tampered" });
    expect(await openReaction(reaction, elsewhere)).toEqual({ status: "closed", because: "tampered" });
  });

  test("was tampered with where a reader made it up for themselves in somebody's name", async () => {
    // Cleo seals as herself, and calls it Ana's: with Ana's key before it, which she has seen.
    const cleos = await keysOf(people.cleo);
    const forged = { ...cleos, accountId: eg.ana, object: sender.object };
    const made = (await sealMessage({ text: "I quit" }, ref, forged, [await verified(reader)]))[eg.ben] ?? "";
    expect(await opening({}, made)).toEqual({ status: "closed", because: "tampered" });
  });
});

describe("whose identity it is", () => {
  test("is new where nothing is held of the sender", async () => {
    expect(await opening({ pin: null })).toMatchObject({ status: "opened", standing: "new", identity: people.ana.identity.identity });
  });

  test("a key that the server made up in the sender's name is a changed identity, and does not open", async () => {
    const liar = { ...(await person(eg.ana)), id: eg.ana };
    const lies = await keysOf(liar);
    const made = (await sealMessage({ text: "trust me" }, ref, lies, [await verified(reader)]))[eg.ben] ?? "";
    const changedIdentity = { status: "closed", because: "identity_changed", identity: liar.identity.identity };
    expect(await opening({}, made)).toEqual(changedIdentity);
    // Once the reader has accepted it, both the new and the earlier messages open.
    const pin = accept(setting(sender, reader).pin, eg.ana, liar.identity.identity);
    expect(await opening({ pin }, made)).toMatchObject({ status: "opened", standing: "current" });
    expect(await opening({ pin })).toMatchObject({ status: "opened", standing: "former" });
  });

  test("is no longer compared once it was changed", () => {
    const first = withVerified(accept(null, eg.ana, "one"), true);
    expect(accept(first, eg.ana, "one")).toBe(first);
    const second = accept(first, eg.ana, "two");
    expect(second).toEqual({ accountId: eg.ana, identity: "two", former: ["one"], verified: false });
    expect(["one", "two", "three"].map((identity) => standingOf(second, identity))).toEqual(["former", "current", "changed"]);
    expect(accept(second, eg.ana, "one")).toEqual({ accountId: eg.ana, identity: "one", former: ["two"], verified: false });
  });
});
