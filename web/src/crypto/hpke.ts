/** Sealing from one key pair to another: HPKE (RFC 9180), mode_auth, one message for each encapsulated key. */

import type { Bytes } from "./bytes.ts";

/** An X25519 pair; the private key may be non-extractable. */
export interface KeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** What a sealed message is bound to: it opens only where both are the same again. */
export interface Binding {
  readonly info: Bytes;
  readonly aad: Bytes;
}

export interface Sealed {
  /** The encapsulated key, 32 bytes. */
  readonly enc: Bytes;
  /** As long as the plaintext, and 16 bytes. */
  readonly ct: Bytes;
}

export async function seal(plaintext: Bytes, from: KeyPair, to: CryptoKey, { info, aad }: Binding): Promise<Sealed> {
  const suite = await loadSuite();
  const { enc, ct } = await suite.seal({ senderKey: mutable(from), recipientPublicKey: to, info }, plaintext, aad);
  return { enc: new Uint8Array(enc), ct: new Uint8Array(ct) };
}

/** Null: it was not sealed by `from` for `to` with this binding, or was changed since. */
export async function open(sealed: Sealed, from: CryptoKey, to: KeyPair, { info, aad }: Binding): Promise<Bytes | null> {
  const suite = await loadSuite();
  try {
    const params = { senderPublicKey: from, recipientKey: mutable(to), enc: sealed.enc, info };
    return new Uint8Array(await suite.open(params, sealed.ct, aad));
  } catch {
    return null;
  }
}

// Most visits need none of it, and the first script that a page loads is to stay small.
async function loadSuite() {
  return (await import("./suite.ts")).suite;
}

// With the public half at hand the library need not work it out, which it can for extractable keys only.
function mutable(pair: KeyPair): CryptoKeyPair {
  return { publicKey: pair.publicKey, privateKey: pair.privateKey };
}
