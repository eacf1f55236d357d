/**
 * The account secret: 32 random bytes that the server never sees. Everything of an account that lies on the server and that only
 * its person may read is wrapped under a key derived from it.
 */

import { type Bytes, randomBytes, utf8 } from "./bytes.ts";

export function newAccountSecret(): Bytes {
  return randomBytes(32);
}

/** The key under which private keys are wrapped. */
export async function wrappingKeyOf(secret: Bytes): Promise<CryptoKey> {
  return await deriveAesKey(secret, new Uint8Array(0), utf8("tertulia private keys v1"), ["wrapKey", "unwrapKey"]);
}

/** HKDF-SHA256 (RFC 5869) to a non-extractable AES-256-GCM key. */
export async function deriveAesKey(
  material: Bytes,
  salt: Bytes,
  info: Bytes,
  usages: readonly KeyUsage[],
): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt, info };
  return await crypto.subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 256 }, false, [...usages]);
}
