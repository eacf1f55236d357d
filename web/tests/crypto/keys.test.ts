import { beforeAll, describe, expect, test } from "vitest";
import { newAccountSecret, wrappingKeyOf } from "../../src/crypto/account_secret.ts";
import { readIdentityObject } from "../../src/crypto/identity_keys.ts";
import { makeConversationKeys, makeIdentity, recoverConversationKeys, recoverIdentity } from "../../src/crypto/key_pairs.ts";
import { importPublicKey, signPublicKey, thumbprintOf, verifyPublicKey } from "../../src/crypto/public_keys.ts";
import { canEncrypt } from "../../src/crypto/support.ts";
import * as eg from "../examples.ts";
import { otherChatId, person, type Person } from "./people.ts";

const place = { conversationId: eg.chatId, accountId: eg.ana };
const at = new Date("2025-05-01T12:00:00Z");

let ana: Person;
let made: Awaited<ReturnType<typeof makeConversationKeys>>;

beforeAll(async () => {
  ana = await person(eg.ana);
  made = await makeConversationKeys(place, ana.identity, ana.wrappingKey, at);
});

test("this environment can encrypt", async () => {
  expect(await canEncrypt()).toBe(true);
});

describe("a conversation's public key", () => {
  test("is an OKP JWK that says when it was made and who signed it", () => {
    const { x, sig, ...rest } = made.publicObject;
    expect(rest).toEqual({ v: 1, kty: "OKP", crv: "X25519", at: "2025-05-01T12:00:00.000Z", identity: ana.identity.identity });
    expect([x, sig].map((text) => Buffer.from(text, "base64url").length)).toEqual([32, 64]);
  });

  test("is verified for its own place alone", async () => {
    expect(await verifyPublicKey(made.publicObject, place)).toMatchObject({
      status: "verified",
      key: { ...place, identity: ana.identity.identity, thumbprint: made.keys.thumbprint },
    });
    const refused = { status: "refused", because: "unsigned" };
    expect(await verifyPublicKey(made.publicObject, { ...place, accountId: eg.ben })).toEqual(refused);
    expect(await verifyPublicKey(made.publicObject, { ...place, conversationId: otherChatId })).toEqual(refused);
  });

  test.each([null, 7, "key", [], { v: 1, kty: "OKP", crv: "X25519" }])("is malformed as %j", async (object) => {
    expect(await verifyPublicKey(object, place)).toEqual({ status: "refused", because: "malformed" });
  });

  test("is malformed with one field of another kind", async () => {
    const fields = [{ x: "AAAA" }, { x: `${made.publicObject.x}A` }, { sig: "" }, { identity: 7 }, { at: "soon" }, { at: "1".repeat(41) }];
    for (const patch of fields) {
      expect(await verifyPublicKey({ ...made.publicObject, ...patch }, place)).toEqual({ status: "refused", because: "malformed" });
    }
  });

  test("is unsupported where another client made one of another kind", async () => {
    for (const patch of [{ kty: "RSA" }, { crv: "X448" }, { v: 2 }]) {
      expect(await verifyPublicKey({ ...made.publicObject, ...patch }, place)).toEqual({ status: "refused", because: "unsupported" });
    }
  });

  test("has the thumbprint of RFC 7638", async () => {
    const { x, thumbprint } = { ...made.publicObject, ...made.keys };
    expect(thumbprint).toBe(await thumbprintOf(x));
    const digest = await crypto.subtle.digest("SHA-256", Buffer.from(`{"crv":"X25519","kty":"OKP","x":"${x}"}`));
    expect(thumbprint).toBe(Buffer.from(digest).toString("base64url"));
  });
});

describe("a public key with which nothing can be agreed on", () => {
  test("is refused, though it is signed: sealing for everybody would fail at it", async () => {
    const zero = await importPublicKey(new Uint8Array(32));
    const signed = await signPublicKey(zero, place, at, ana.identity);
    expect(await verifyPublicKey(signed, place)).toEqual({ status: "refused", because: "malformed" });
  });
});

describe("one's own private keys", () => {
  test("cannot be read out of the device", () => {
    expect(ana.identity.privateKey.extractable).toBe(false);
    expect(made.keys.privateKey.extractable).toBe(false);
  });

  test("come back from the server with the account secret", async () => {
    const wrappingKey = await wrappingKeyOf(ana.secret);
    const kept = await recoverConversationKeys(made.publicObject, made.privateObject, place, wrappingKey);
    expect(kept).toMatchObject({ status: "recovered", keys: { ...place, thumbprint: made.keys.thumbprint } });
    if (kept.status === "refused") throw new Error(kept.because);
    const agree = (privateKey: CryptoKey) => crypto.subtle.deriveBits({ name: "X25519", public: made.keys.publicKey }, privateKey, 256);
    expect(await agree(kept.keys.privateKey)).toEqual(await agree(made.keys.privateKey));
    expect(kept.keys.privateKey.extractable).toBe(false);
  });

  test("an identity that comes back signs as before", async () => {
    const { publicObject, privateObject } = await makeIdentity(ana.wrappingKey);
    const kept = await recoverIdentity(publicObject, privateObject, ana.wrappingKey);
    if (kept.status === "refused") throw new Error(kept.because);
    const next = await makeConversationKeys(place, kept.keys, ana.wrappingKey, at);
    expect(await verifyPublicKey(next.publicObject, place)).toMatchObject({ key: { identity: publicObject.x } });
  });

  test("stay locked under another secret, beside another public key, and when they were changed", async () => {
    const locked = { status: "refused", because: "locked" };
    const { publicObject, privateObject } = made;
    const strange = await wrappingKeyOf(newAccountSecret());
    const other = await makeConversationKeys(place, ana.identity, ana.wrappingKey, at);
    expect(await recoverConversationKeys(publicObject, privateObject, place, strange)).toEqual(locked);
    expect(await recoverConversationKeys(other.publicObject, privateObject, place, ana.wrappingKey)).toEqual(locked);
    const renamed = { ...privateObject, kid: other.privateObject.kid };
    expect(await recoverConversationKeys(other.publicObject, renamed, place, ana.wrappingKey)).toEqual(locked);
    const changed = { ...privateObject, iv: other.privateObject.iv };
    expect(await recoverConversationKeys(publicObject, changed, place, ana.wrappingKey)).toEqual(locked);
    const identity = await makeIdentity(ana.wrappingKey);
    expect(await recoverIdentity(identity.publicObject, { ...privateObject, kid: identity.publicObject.x }, ana.wrappingKey)).toEqual(locked);
  });

  test("are malformed where they are no such objects", async () => {
    for (const object of [null, {}, { ...made.privateObject, alg: "none" }, { ...made.privateObject, iv: "AAAA" }]) {
      const kept = await recoverConversationKeys(made.publicObject, object, place, ana.wrappingKey);
      expect(kept).toEqual({ status: "refused", because: "malformed" });
    }
    expect(await recoverIdentity({ kty: "RSA" }, {}, ana.wrappingKey)).toEqual({ status: "refused", because: "malformed" });
    expect(readIdentityObject({ v: 1, kty: "OKP", crv: "Ed25519", x: "AAAA" })).toBeNull();
  });

  test("lie on the server without a trace of themselves or of the secret", async () => {
    const wrappingKey = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", true, ["wrapKey", "unwrapKey"]);
    const { privateObject } = await makeIdentity(wrappingKey);
    const { iv, ct } = privateObject;
    const decrypting = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["decrypt"]);
    // Without what it is bound to, even the right key opens nothing.
    const blind = crypto.subtle.decrypt({ name: "AES-GCM", iv: Buffer.from(iv, "base64url") }, decrypting, Buffer.from(ct, "base64url"));
    await expect(blind).rejects.toMatchObject({ name: "OperationError" });
    expect(Object.keys(privateObject).toSorted()).toEqual(["alg", "ct", "iv", "kid", "v"]);
  });
});
