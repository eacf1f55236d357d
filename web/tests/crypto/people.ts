/** People with keys, for the tests of the encryption. */

import { newAccountSecret, wrappingKeyOf } from "../../src/crypto/account_secret.ts";
import type { Bytes } from "../../src/crypto/bytes.ts";
import { accept } from "../../src/crypto/identities.ts";
import type { IdentityKeys } from "../../src/crypto/identity_keys.ts";
import { type ConversationKeys, makeConversationKeys, makeIdentity } from "../../src/crypto/key_pairs.ts";
import type { Setting } from "../../src/crypto/opening.ts";
import { type VerifiedKey, verifyPublicKey } from "../../src/crypto/public_keys.ts";
import * as eg from "../examples.ts";

export interface Person {
  readonly id: string;
  readonly secret: Bytes;
  readonly wrappingKey: CryptoKey;
  readonly identity: IdentityKeys;
}

export const target = "0190d000-0000-7000-8000-000000000001";
export const otherTarget = "0190d000-0000-7000-8000-000000000002";
export const otherChatId = "0190c000-0000-7000-8000-000000000002";
export const ref = "0190e000-0000-7000-8000-000000000001";

export async function person(id: string): Promise<Person> {
  const secret = newAccountSecret();
  const wrappingKey = await wrappingKeyOf(secret);
  const { keys } = await makeIdentity(wrappingKey);
  return { id, secret, wrappingKey, identity: keys };
}

export async function keysOf(owner: Person, conversationId = eg.chatId): Promise<ConversationKeys> {
  const place = { conversationId, accountId: owner.id };
  return (await makeConversationKeys(place, owner.identity, owner.wrappingKey, new Date("2025-05-01T12:00:00Z"))).keys;
}

export async function verified(keys: ConversationKeys): Promise<VerifiedKey> {
  const verification = await verifyPublicKey(keys.object, keys);
  if (verification.status === "refused") throw new Error(verification.because);
  return verification.key;
}

/** How `reader` finds a copy that `sender` wrote, with nothing amiss. */
export function setting(sender: ConversationKeys, reader: ConversationKeys, init: Partial<Setting> = {}): Setting {
  return {
    conversationId: sender.conversationId,
    senderId: sender.accountId,
    recipientId: reader.accountId,
    target,
    ref,
    pin: accept(null, sender.accountId, sender.object.identity),
    ownKeys: (thumbprint) => Promise.resolve(thumbprint === reader.thumbprint ? reader : null),
    ...init,
  };
}
