/**
 * The suite of RFC 9180 in use: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; all of it on WebCrypto. Imported where
 * something is sealed or opened, not before: see `hpke.ts`.
 */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

export const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});
