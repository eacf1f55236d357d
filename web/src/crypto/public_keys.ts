/**
 * Conversation keys as everybody sees them: an X25519 public key that says for which conversation and account it was made, and
 * is signed by the account's identity.
 *
 *     {"v": 1, "kty": "OKP", "crv": "X25519", "x": "…", "at": "2025-05-01T12:00:00.000Z", "identity": "…", "sig": "…"}
 */

import { type Bytes, sha256, toBase64Url, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { type IdentityKeys, isSignedBy, sign } from "./identity_keys.ts";
import { bytesField, fieldsOf, textField } from "./objects.ts";

export interface PublicKeyObject {
  readonly v: 1;
  readonly kty: "OKP";
  readonly crv: "X25519";
  /** The key, 32 bytes. */
  readonly x: string;
  /** When it was made, by the clock of its maker. ISO 8601. */
  readonly at: string;
  /** The Ed25519 key that signed it, 32 bytes. */
  readonly identity: string;
  readonly sig: string;
}

/** Whose key it is, and where. */
export interface KeyPlace {
  readonly conversationId: string;
  readonly accountId: string;
}

/** A public key whose signature was found to be right for its place. Whether the identity is the person's is another question. */
export interface VerifiedKey extends KeyPlace {
  readonly object: PublicKeyObject;
  readonly thumbprint: string;
  readonly identity: string;
  readonly publicKey: CryptoKey;
}

/**
 * `unsupported`: a key of another kind, from a client of another make or a newer one; `unsigned`: the signature is not that of
 * the identity over this key in this place.
 */
export type KeyFault = "malformed" | "unsupported" | "unsigned";

export type Verification =
  | { readonly status: "verified"; readonly key: VerifiedKey }
  | { readonly status: "refused"; readonly because: KeyFault };

export async function signPublicKey(
  publicKey: CryptoKey,
  place: KeyPlace,
  at: Date,
  keys: IdentityKeys,
): Promise<PublicKeyObject> {
  const x = toBase64Url(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)));
  const { identity } = keys;
  const moment = at.toISOString();
  const sig = toBase64Url(await sign(statement(place, x, moment), keys));
  return { v: 1, kty: "OKP", crv: "X25519", x, at: moment, identity, sig };
}

/** `object` is what the server gave as the key of this account in this conversation. */
export async function verifyPublicKey(object: unknown, place: KeyPlace): Promise<Verification> {
  const fields = fieldsOf(object);
  if (fields === null) return refused("malformed");
  if (fields["v"] !== 1 || fields["kty"] !== "OKP" || fields["crv"] !== "X25519") return refused("unsupported");
  const raw = bytesField(fields, "x", 32);
  const signature = bytesField(fields, "sig", 64);
  const x = textField(fields, "x");
  const identity = bytesField(fields, "identity", 32) === null ? null : textField(fields, "identity");
  const at = textField(fields, "at");
  if (raw === null || x === null || signature === null || identity === null || at === null || !isMoment(at)) {
    return refused("malformed");
  }
  if (!(await isSignedBy(identity, statement(place, x, at), signature))) return refused("unsigned");
  const publicKey = await importPublicKey(raw);
  if (!(await isUsable(publicKey))) return refused("malformed");
  const { conversationId, accountId } = place;
  const read: PublicKeyObject = { v: 1, kty: "OKP", crv: "X25519", x, at, identity, sig: toBase64Url(signature) };
  const thumbprint = await thumbprintOf(x);
  return { status: "verified", key: { conversationId, accountId, object: read, thumbprint, identity, publicKey } };
}

/** 32 bytes in base64url: RFC 7638 for the members that RFC 8037 names, in their order. */
export async function thumbprintOf(x: string): Promise<string> {
  return toBase64Url(await sha256(utf8(JSON.stringify({ crv: "X25519", kty: "OKP", x }))));
}

/** Any 32 bytes are an X25519 key; those with which nothing can be agreed on fail when they are used. */
export async function importPublicKey(raw: Bytes): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", raw, { name: "X25519" }, true, []);
}

function statement({ conversationId, accountId }: KeyPlace, x: string, at: string): Bytes {
  return canonical("tertulia key v1", conversationId, accountId, x, at);
}

/** Date.parse alone passes over anything in brackets, half a surrogate pair too, which cannot be signed. */
function isMoment(at: string): boolean {
  return at.length <= 40 && /^[\dT:.Z+-]+$/u.test(at) && !Number.isNaN(Date.parse(at));
}

let probe: Promise<CryptoKeyPair> | null = null;

/** With a few points nothing can be agreed on, whoever tries. Were such a key let through, sealing for all would fail at it. */
async function isUsable(publicKey: CryptoKey): Promise<boolean> {
  probe ??= crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]) as Promise<CryptoKeyPair>;
  try {
    await crypto.subtle.deriveBits({ name: "X25519", public: publicKey }, (await probe).privateKey, 256);
    return true;
  } catch {
    return false;
  }
}

function refused(because: KeyFault): Verification {
  return { status: "refused", because };
}
