/** Making one's own keys, and taking them back from what the server keeps. */

import type { KeyPair } from "./hpke.ts";
import { generateIdentity, type IdentityKeys, identityObject, type IdentityObject, readIdentityObject } from "./identity_keys.ts";
import { type PrivateKeyObject, unwrapPrivateKey, wrapPrivateKey } from "./private_keys.ts";
import { type KeyFault, type KeyPlace, type PublicKeyObject, signPublicKey, verifyPublicKey } from "./public_keys.ts";

/** One's own pair in one conversation. The private key is non-extractable. */
export interface ConversationKeys extends KeyPlace, KeyPair {
  readonly thumbprint: string;
  readonly object: PublicKeyObject;
}

/** Both halves as they go to the server, and the keys to go on with. */
export interface Made<PublicObject, Keys> {
  readonly publicObject: PublicObject;
  readonly privateObject: PrivateKeyObject;
  readonly keys: Keys;
}

/** `malformed` and `unsupported`, `unsigned`: of the public half; `locked`: the secret at hand does not open the private one. */
export type Recovered<Keys> =
  | { readonly status: "recovered"; readonly keys: Keys }
  | { readonly status: "refused"; readonly because: KeyFault | "locked" };

export async function makeIdentity(wrappingKey: CryptoKey): Promise<Made<IdentityObject, IdentityKeys>> {
  const { identity, privateKey } = await generateIdentity();
  const publicObject = identityObject(identity);
  const privateObject = await wrapPrivateKey(privateKey, "identity", identity, wrappingKey);
  const kept = await recoverIdentity(publicObject, privateObject, wrappingKey);
  return { publicObject, privateObject, keys: keysOf(kept) };
}

export async function recoverIdentity(
  publicObject: unknown,
  privateObject: unknown,
  wrappingKey: CryptoKey,
): Promise<Recovered<IdentityKeys>> {
  const identity = readIdentityObject(publicObject);
  if (identity === null) return { status: "refused", because: "malformed" };
  const unwrapped = await unwrapPrivateKey(privateObject, "identity", identity, wrappingKey);
  if (unwrapped.status === "refused") return unwrapped;
  return { status: "recovered", keys: { identity, privateKey: unwrapped.privateKey } };
}

/** `at`: now. */
export async function makeConversationKeys(
  place: KeyPlace,
  identity: IdentityKeys,
  wrappingKey: CryptoKey,
  at: Date,
): Promise<Made<PublicKeyObject, ConversationKeys>> {
  const pair = await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"]);
  // `generateKey` is declared to answer a key or a pair; for X25519 it is a pair.
  const { publicKey, privateKey } = pair as CryptoKeyPair;
  const publicObject = await signPublicKey(publicKey, place, at, identity);
  const verified = await verifyPublicKey(publicObject, place);
  if (verified.status === "refused") throw new Error(`A key that was just made is ${verified.because}.`);
  const privateObject = await wrapPrivateKey(privateKey, "conversation", verified.key.thumbprint, wrappingKey);
  const kept = await recoverConversationKeys(publicObject, privateObject, place, wrappingKey);
  return { publicObject, privateObject, keys: keysOf(kept) };
}

/** The objects are those that the server gives as one's own pair in this place. */
export async function recoverConversationKeys(
  publicObject: unknown,
  privateObject: unknown,
  place: KeyPlace,
  wrappingKey: CryptoKey,
): Promise<Recovered<ConversationKeys>> {
  const verified = await verifyPublicKey(publicObject, place);
  if (verified.status === "refused") return verified;
  const { thumbprint, object, publicKey, conversationId, accountId } = verified.key;
  const unwrapped = await unwrapPrivateKey(privateObject, "conversation", thumbprint, wrappingKey);
  if (unwrapped.status === "refused") return unwrapped;
  const { privateKey } = unwrapped;
  return { status: "recovered", keys: { conversationId, accountId, thumbprint, object, publicKey, privateKey } };
}

function keysOf<Keys>(kept: Recovered<Keys>): Keys {
  if (kept.status === "refused") throw new Error(`Keys that were just wrapped are ${kept.because}.`);
  return kept.keys;
}
