/**
 * Identity keys: one Ed25519 pair per account, whose private half signs the account's conversation keys. The public half is
 * what people compare, and is known here by its 32 bytes in base64url.
 */

import { type Bytes, fromBase64Url, toBase64Url } from "./bytes.ts";
import { bytesField, fieldsOf, textField } from "./objects.ts";

const algorithm = { name: "Ed25519" } as const;

export interface IdentityKeys {
  /** The public key, 32 bytes in base64url. */
  readonly identity: string;
  /** Non-extractable, save in the moment between making and wrapping it. */
  readonly privateKey: CryptoKey;
}

/** What the server is told of an identity: an OKP JWK (RFC 8037) with a version. */
export interface IdentityObject {
  readonly v: 1;
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
}

/** The private key can be wrapped, once, and is to be replaced by what comes of unwrapping it. */
export async function generateIdentity(): Promise<IdentityKeys> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { identity: toBase64Url(new Uint8Array(raw)), privateKey: pair.privateKey };
}

export function identityObject(identity: string): IdentityObject {
  return { v: 1, kty: "OKP", crv: "Ed25519", x: identity };
}

/** Null: it is no identity of a kind that is known here. */
export function readIdentityObject(object: unknown): string | null {
  const fields = fieldsOf(object);
  if (fields === null || fields["v"] !== 1 || fields["kty"] !== "OKP" || fields["crv"] !== "Ed25519") return null;
  return bytesField(fields, "x", 32) === null ? null : textField(fields, "x");
}

/** 64 bytes. */
export async function sign(message: Bytes, { privateKey }: IdentityKeys): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, message));
}

export async function isSignedBy(identity: string, message: Bytes, signature: Bytes): Promise<boolean> {
  const raw = fromBase64Url(identity);
  if (raw === null) return false;
  try {
    const publicKey = await crypto.subtle.importKey("raw", raw, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, publicKey, signature, message);
  } catch {
    // Some bytes are no point of the curve.
    return false;
  }
}
