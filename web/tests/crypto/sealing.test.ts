import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { CopyTooLong } from "../../src/crypto/envelope.ts";
import type { ConversationKeys } from "../../src/crypto/key_pairs.ts";
import { openMessage, openReaction, type Setting } from "../../src/crypto/opening.ts";
import type { VerifiedKey } from "../../src/crypto/public_keys.ts";
import { sealEdit, sealMessage, sealReaction } from "../../src/crypto/sealing.ts";
import * as eg from "../examples.ts";
import { keysOf, otherChatId, person, ref, setting, target, verified } from "./people.ts";

const texts = fc.string({ unit: "grapheme", maxLength: 300 });

let [ana, ben, cleo]: ConversationKeys[] = [];
let recipients: readonly VerifiedKey[] = [];

beforeAll(async () => {
  [ana, ben, cleo] = await Promise.all([eg.ana, eg.ben, eg.cleo].map(async (id) => await keysOf(await person(id))));
  recipients = await Promise.all(everybody().map(verified));
});

function everybody(): readonly [ConversationKeys, ConversationKeys, ConversationKeys] {
  if (ana === undefined || ben === undefined || cleo === undefined) throw new Error("The keys are not made yet.");
  return [ana, ben, cleo];
}

describe("a sealed message", () => {
  test("opens for everybody it was sealed for, its sender among them", async () => {
    const content = {
      text: "¡Hola! **¿Qué tal?** 👩‍👩‍👧",
      reply_to: target,
      attachments: [
        { upload: "u", key: "k", iv: "i", digest: "d", name: "a.png", type: "image/png", size: 9, width: 3, height: 2, blur: "LEHV" },
      ],
    };
    const [sender] = everybody();
    const copies = await sealMessage(content, ref, sender, recipients);
    expect(Object.keys(copies).toSorted()).toEqual([eg.ana, eg.ben, eg.cleo].toSorted());
    for (const reader of everybody()) {
      const opened = await openMessage(copies[reader.accountId] ?? "", setting(sender, reader));
      expect(opened).toEqual({ status: "opened", content, identity: sender.object.identity, standing: "current", ref });
    }
  });

  test("opens for its recipient alone, whatever it says", { timeout: 30_000 }, async () => {
    const [sender] = everybody();
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1, 2), async (text, to, who) => {
        const [recipient, reader] = [everybody()[to], everybody()[who]];
        if (recipient === undefined || reader === undefined) throw new Error("There is nobody.");
        const copy = (await sealMessage({ text }, ref, sender, [await verified(recipient)]))[recipient.accountId] ?? "";
        const opened = await openMessage(copy, setting(sender, reader));
        expect(opened).toMatchObject(
          recipient === reader
            ? { status: "opened", content: { text } }
            : { status: "closed", because: "unknown_key", to: recipient.thumbprint },
        );
        // Nor does another reader get in by taking the copy for their own.
        const pretending = setting(sender, recipient, { ownKeys: () => Promise.resolve({ ...recipient, ...half(reader) }) });
        const forced = await openMessage(copy, pretending);
        expect(forced.status).toBe(recipient === reader ? "opened" : "closed");
      }),
      { numRuns: 40 },
    );
  });

  test("has a length that tells only how many times 64 bytes the content has", async () => {
    const [sender, recipient] = everybody();
    const lengths = async (text: string) => (await sealMessage({ text }, ref, sender, [await verified(recipient)]))[recipient.accountId]?.length;
    // {"v":1,"text":""} has 17 bytes.
    expect(await lengths("x".repeat(47))).toBe(await lengths(""));
    expect(await lengths("x".repeat(48))).toBeGreaterThan((await lengths("")) ?? 0);
  });

  test("is never the same twice", async () => {
    const [sender, recipient] = everybody();
    const seal = async () => (await sealMessage({ text: "hello" }, ref, sender, [await verified(recipient)]))[recipient.accountId];
    expect(await seal()).not.toBe(await seal());
  });

  test("is refused where it is longer than a copy may be", async () => {
    const [sender] = everybody();
    await expect(sealMessage({ text: "x".repeat(50_000) }, ref, sender, recipients)).rejects.toThrow(CopyTooLong);
    await expect(sealMessage({ text: "x".repeat(40_000) }, ref, sender, recipients)).resolves.toHaveProperty(eg.cleo);
  });

  test("is not sealed to the keys of another conversation", async () => {
    const [sender] = everybody();
    const elsewhere = await verified(await keysOf(await person(eg.ben), otherChatId));
    await expect(sealMessage({ text: "hello" }, ref, sender, [elsewhere])).rejects.toThrow("another conversation");
  });
});

test("an edit says which message it changes, and which edit it is", async () => {
  const [sender, reader] = everybody();
  const copies = await sealEdit({ text: "better", edit: 2 }, ref, target, sender, recipients);
  const opened = await openMessage(copies[reader.accountId] ?? "", setting(sender, reader));
  expect(opened).toMatchObject({ status: "opened", content: { text: "better", edit: 2 }, ref });
});

test("a reaction opens as all the emoji that somebody reacts with, or none", async () => {
  const [sender, reader] = everybody();
  for (const emoji of [["👍", "🎉"], []]) {
    const copies = await sealReaction(emoji, target, sender, recipients);
    const opened = await openReaction(copies[reader.accountId] ?? "", setting(sender, reader));
    expect(opened).toMatchObject({ status: "opened", content: emoji, standing: "current" });
  }
});

describe("a copy of which any bit was changed", () => {
  test("does not open, wherever the bit is", { timeout: 30_000 }, async () => {
    const [sender, reader] = everybody();
    const found: Setting = setting(sender, reader, { ref: null });
    const copy = (await sealMessage({ text: "as it was" }, ref, sender, [await verified(reader)]))[reader.accountId] ?? "";
    expect((await openMessage(copy, found)).status).toBe("opened");
    await fc.assert(
      fc.asyncProperty(fc.nat(copy.length - 1), fc.nat(6), async (at, bit) => {
        expect((await openMessage(flipped(copy, at, bit), found)).status).toBe("closed");
      }),
      { numRuns: 400 },
    );
  });

  test("does not open where the bit is in the ciphertext itself, each of them in turn", { timeout: 30_000 }, async () => {
    const [sender, reader] = everybody();
    const copy = (await sealMessage({ text: "" }, ref, sender, [await verified(reader)]))[reader.accountId] ?? "";
    const envelope = JSON.parse(copy) as { enc: string; ct: string };
    for (const name of ["enc", "ct"] as const) {
      const bytes = Buffer.from(envelope[name], "base64url");
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        const byte = Math.floor(bit / 8);
        changed[byte] = (changed[byte] ?? 0) ^ (1 << (bit % 8));
        const opened = await openMessage(JSON.stringify({ ...envelope, [name]: changed.toString("base64url") }), setting(sender, reader));
        // X25519 passes over the highest bit of a key; the encapsulated key is bound as it stands nonetheless.
        expect(opened).toEqual({ status: "closed", because: "tampered" });
      }
    }
  });
});

function half({ publicKey, privateKey }: ConversationKeys) {
  return { publicKey, privateKey };
}

function flipped(copy: string, at: number, bit: number): string {
  const changed = String.fromCodePoint((copy.codePointAt(at) ?? 0) ^ (1 << bit));
  return copy.slice(0, at) + changed + copy.slice(at + 1);
}
