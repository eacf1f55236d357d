/**
 * Private keys as they lie on the server: wrapped under the account secret (AES-256-GCM over PKCS #8), bound to their kind and
 * to the public key that they belong to. On the device they are non-extractable.
 *
 *     {"v": 1, "alg": "A256GCM", "iv": "…", "ct": "…", "kid": "…"}
 */

import { type Bytes, randomBytes, toBase64Url } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { bytesField, fieldsOf, textField } from "./objects.ts";

/** `kid` is an identity's public key, or the thumbprint of a conversation's. */
export type PrivateKeyKind = "identity" | "conversation";

export interface PrivateKeyObject {
  readonly v: 1;
  readonly alg: "A256GCM";
  readonly iv: string;
  readonly ct: string;
  readonly kid: string;
}

/** `locked`: another account secret wrapped it, or it was changed, or belongs to another public key. */
export type Unwrapped =
  | { readonly status: "unwrapped"; readonly privateKey: CryptoKey }
  | { readonly status: "refused"; readonly because: "malformed" | "locked" };

const algorithms = {
  identity: { name: "Ed25519", usages: ["sign"] },
  conversation: { name: "X25519", usages: ["deriveBits"] },
} as const satisfies Record<PrivateKeyKind, { name: string; usages: readonly KeyUsage[] }>;

/** `privateKey` is extractable; `wrappingKey` is `wrappingKeyOf(secret)`. */
export async function wrapPrivateKey(
  privateKey: CryptoKey,
  kind: PrivateKeyKind,
  kid: string,
  wrappingKey: CryptoKey,
): Promise<PrivateKeyObject> {
  const iv = randomBytes(12);
  const wrapped = await crypto.subtle.wrapKey("pkcs8", privateKey, wrappingKey, cipher(kind, kid, iv));
  return { v: 1, alg: "A256GCM", iv: toBase64Url(iv), ct: toBase64Url(new Uint8Array(wrapped)), kid };
}

/** `kid` is that of the public key which the private one is wanted for. */
export async function unwrapPrivateKey(
  object: unknown,
  kind: PrivateKeyKind,
  kid: string,
  wrappingKey: CryptoKey,
): Promise<Unwrapped> {
  const fields = fieldsOf(object);
  const iv = fields && bytesField(fields, "iv", 12);
  const ct = fields && bytesField(fields, "ct");
  if (fields === null || fields["v"] !== 1 || fields["alg"] !== "A256GCM" || !iv || !ct) return refused("malformed");
  if (textField(fields, "kid") !== kid) return refused("locked");
  const { name, usages } = algorithms[kind];
  try {
    const cipherOfIt = cipher(kind, kid, iv);
    const privateKey = await crypto.subtle.unwrapKey("pkcs8", ct, wrappingKey, cipherOfIt, { name }, false, [...usages]);
    return { status: "unwrapped", privateKey };
  } catch {
    return refused("locked");
  }
}

function cipher(kind: PrivateKeyKind, kid: string, iv: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: canonical("tertulia private key v1", kind, kid) };
}

function refused(because: "malformed" | "locked"): Unwrapped {
  return { status: "refused", because };
}
