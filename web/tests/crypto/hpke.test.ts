import { describe, expect, test } from "vitest";
import { open, seal } from "../../src/crypto/hpke.ts";
import { importPublicKey } from "../../src/crypto/public_keys.ts";
import { suite } from "../../src/crypto/suite.ts";
// From the vectors that RFC 9180 names (`test-vectors.json`): those of this suite in the base and the authenticated mode.
import vectors from "./rfc9180.json" with { type: "json" };

type Vector = (typeof vectors)[number];

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function hex(buffer: ArrayBuffer): string {
  return Buffer.from(buffer).toString("hex");
}

async function pair(privateHex: string, publicHex: string): Promise<CryptoKeyPair> {
  const [privateKey, publicKey] = await Promise.all([
    suite.kem.deserializePrivateKey(bytes(privateHex)),
    suite.kem.deserializePublicKey(bytes(publicHex)),
  ]);
  return { privateKey, publicKey };
}

async function unreadablePair(): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
}

async function senderOf(vector: Vector): Promise<CryptoKeyPair | null> {
  return vector.skSm === undefined ? null : await pair(vector.skSm, vector.pkSm);
}

describe.each(vectors)("RFC 9180, mode $mode", (vector) => {
  test("is of the suite in use", () => {
    expect([suite.kem.id, suite.kdf.id, suite.aead.id]).toEqual([vector.kem_id, vector.kdf_id, vector.aead_id]);
  });

  test("seals to the vector's bytes", async () => {
    const sender = await senderOf(vector);
    const context = await suite.createSenderContext({
      recipientPublicKey: await suite.kem.deserializePublicKey(bytes(vector.pkRm)),
      info: bytes(vector.info),
      ekm: bytes(vector.ikmE),
      ...(sender === null ? {} : { senderKey: sender }),
    });
    expect(hex(context.enc)).toBe(vector.enc);
    const sealed: string[] = [];
    for (let seq = 0; seq <= 256; seq += 1) {
      const { aad, pt } = vector.encryptions.find((known) => known.seq === seq) ?? { aad: "", pt: "" };
      sealed.push(hex(await context.seal(bytes(pt), bytes(aad))));
    }
    expect(vector.encryptions.map(({ seq }) => sealed[seq])).toEqual(vector.encryptions.map(({ ct }) => ct));
    for (const { exporter_context, L, exported_value } of vector.exports) {
      expect(hex(await context.export(bytes(exporter_context), L))).toBe(exported_value);
    }
  });

  test("opens the vector's bytes", async () => {
    const sender = await senderOf(vector);
    const context = await suite.createRecipientContext({
      recipientKey: await pair(vector.skRm, vector.pkRm),
      enc: bytes(vector.enc),
      info: bytes(vector.info),
      ...(sender === null ? {} : { senderPublicKey: sender.publicKey }),
    });
    const first = vector.encryptions[0];
    if (first === undefined) throw new Error("The vector is empty.");
    expect(hex(await context.open(bytes(first.ct), bytes(first.aad)))).toBe(first.pt);
  });
});

describe("sealing from pair to pair", () => {
  const authenticated = vectors.find(({ mode }) => mode === 2);

  test("opens what the authenticated mode's vector sealed first", async () => {
    const first = authenticated?.encryptions[0];
    if (authenticated?.skSm === undefined || first === undefined) throw new Error("There is no such vector.");
    const [sender, recipient] = [await pair(authenticated.skSm, authenticated.pkSm), await pair(authenticated.skRm, authenticated.pkRm)];
    const binding = { info: bytes(authenticated.info), aad: bytes(first.aad) };
    const sealed = { enc: bytes(authenticated.enc), ct: bytes(first.ct) };
    const opened = await open(sealed, sender.publicKey, recipient, binding);
    expect(opened).toEqual(bytes(first.pt));
    // The same without the sender's key is another mode, and another sender's is another key.
    expect(await open(sealed, recipient.publicKey, recipient, binding)).toBeNull();
  });

  test("works with private keys that cannot be read out", async () => {
    const [from, to] = [await unreadablePair(), await unreadablePair()];
    const binding = { info: bytes("01"), aad: bytes("02") };
    const sealed = await seal(bytes("cafe"), from, to.publicKey, binding);
    expect(sealed.ct).toHaveLength(2 + 16);
    expect(await open(sealed, from.publicKey, to, binding)).toEqual(bytes("cafe"));
    expect(await open(sealed, from.publicKey, to, { ...binding, info: bytes("00") })).toBeNull();
    expect(await open(sealed, from.publicKey, to, { ...binding, aad: bytes("00") })).toBeNull();
  });

  // RFC 9180 section 7.1.4: the outcome of a key agreement must not be all zeros.
  test.each(["00".repeat(32), `01${"00".repeat(31)}`])("refuses the key %s, with which everybody agrees on nothing", async (lowOrder) => {
    const from = await unreadablePair();
    const key = await importPublicKey(bytes(lowOrder));
    await expect(seal(bytes("cafe"), from, key, { info: bytes(""), aad: bytes("") })).rejects.toMatchObject({ name: "EncapError" });
    const sealed = { enc: bytes(lowOrder), ct: new Uint8Array(18) };
    expect(await open(sealed, from.publicKey, from, { info: bytes(""), aad: bytes("") })).toBeNull();
  });
});
