/**
 * The account's keys in this browser (IndexedDB). Private keys lie there as CryptoKeys that cannot be read out; the account
 * secret, which has to be, is sealed under such a key of this device alone. All of it goes at sign-out: `deleteKeyStore`.
 */

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import { type Bytes, randomBytes, utf8 } from "./bytes.ts";
import type { Pin } from "./identities.ts";
import type { IdentityKeys } from "./identity_keys.ts";
import type { ConversationKeys } from "./key_pairs.ts";

/** Sealed for this device: AES-256-GCM. */
export interface DeviceSealed {
  readonly iv: Bytes;
  readonly ct: Bytes;
}

/** For whom this device seals in a conversation, besides its own person. */
export interface Circle {
  readonly conversationId: string;
  /** It has two people, for good. */
  readonly isPrivate: boolean;
  readonly userIds: readonly string[];
  /** Those of them who were gone when its own person's present pair was made. */
  readonly gone?: readonly string[];
}

/** The account's own identity with its secret, or what is held of others. */
export type Kept = "own" | "others";

interface KeySchema extends DBSchema {
  device: { key: "key"; value: CryptoKey };
  account: { key: "secret" | "identity"; value: DeviceSealed | IdentityKeys };
  conversationKeys: { key: string; value: ConversationKeys; indexes: { conversationId: string } };
  pins: { key: string; value: Pin };
  circles: { key: string; value: Circle };
}

export async function openKeyStore(accountId: string): Promise<KeyStore> {
  const database = await openDB<KeySchema>(nameOf(accountId), 2, {
    upgrade(created, version) {
      if (version < 1) {
        created.createObjectStore("device");
        created.createObjectStore("account");
        const conversationKeys = created.createObjectStore("conversationKeys", { keyPath: "thumbprint" });
        conversationKeys.createIndex("conversationId", "conversationId");
        created.createObjectStore("pins", { keyPath: "accountId" });
      }
      created.createObjectStore("circles", { keyPath: "conversationId" });
    },
    // Another tab deletes the database at sign-out, or a newer client wants to upgrade it.
    blocking() {
      database.close();
    },
  });
  return new KeyStore(database, await deviceKeyIn(database));
}

export async function deleteKeyStore(accountId: string): Promise<void> {
  await deleteDB(nameOf(accountId));
}

export class KeyStore {
  private readonly database: IDBPDatabase<KeySchema>;
  private readonly deviceKey: CryptoKey;
  /** Something was kept that whoever else has the store open may have read before. */
  onKept: (kept: Kept) => void = () => undefined;

  constructor(database: IDBPDatabase<KeySchema>, deviceKey: CryptoKey) {
    this.database = database;
    this.deviceKey = deviceKey;
  }

  async keepAccountSecret(secret: Bytes): Promise<void> {
    await this.database.put("account", await this.seal("account secret", secret), "secret");
  }

  /** Null: this device has none (yet). */
  async accountSecret(): Promise<Bytes | null> {
    const sealed = (await this.database.get("account", "secret")) as DeviceSealed | undefined;
    return sealed === undefined ? null : await this.open("account secret", sealed);
  }

  async keepIdentity(keys: IdentityKeys): Promise<void> {
    refuseExtractable(keys.privateKey);
    await this.database.put("account", keys, "identity");
    this.onKept("own");
  }

  async identity(): Promise<IdentityKeys | null> {
    return ((await this.database.get("account", "identity")) as IdentityKeys | undefined) ?? null;
  }

  async keepConversationKeys(keys: ConversationKeys): Promise<void> {
    refuseExtractable(keys.privateKey);
    await this.database.put("conversationKeys", keys);
  }

  async conversationKeys(thumbprint: string): Promise<ConversationKeys | null> {
    return (await this.database.get("conversationKeys", thumbprint)) ?? null;
  }

  /** The latest that was made first. */
  async conversationKeysOf(conversationId: string): Promise<readonly ConversationKeys[]> {
    const all = await this.database.getAllFromIndex("conversationKeys", "conversationId", conversationId);
    return all.toSorted((one, other) => Date.parse(other.object.at) - Date.parse(one.object.at));
  }

  /** In one step: what is decided on is what another tab may have kept by now. Answers what is held then. */
  async changePin(accountId: string, change: (held: Pin | null) => Pin | null): Promise<Pin | null> {
    const transaction = this.database.transaction("pins", "readwrite");
    const held = (await transaction.store.get(accountId)) ?? null;
    const pin = change(held);
    const isNew = pin !== null && pin !== held;
    if (isNew) await transaction.store.put(pin);
    await transaction.done;
    if (isNew) this.onKept("others");
    return pin;
  }

  async pin(accountId: string): Promise<Pin | null> {
    return (await this.database.get("pins", accountId)) ?? null;
  }

  async pins(): Promise<readonly Pin[]> {
    return await this.database.getAll("pins");
  }

  /** Adds to the people who are kept: another tab may know of more. Answers them all. */
  async keepCircle(circle: Circle): Promise<Circle> {
    const transaction = this.database.transaction("circles", "readwrite");
    const held = await transaction.store.get(circle.conversationId);
    const userIds = [...new Set([...(held?.userIds ?? []), ...circle.userIds])];
    const kept = { ...held, ...circle, isPrivate: held?.isPrivate ?? circle.isPrivate, userIds };
    await transaction.store.put(kept);
    await transaction.done;
    this.onKept("others");
    return kept;
  }

  async circles(): Promise<readonly Circle[]> {
    return await this.database.getAll("circles");
  }

  /** Seals what is to lie on this device elsewhere. `purpose` is bound: what was sealed for one does not open for another. */
  async seal(purpose: string, bytes: Bytes): Promise<DeviceSealed> {
    const iv = randomBytes(12);
    const ct = await crypto.subtle.encrypt(cipherOf(purpose, iv), this.deviceKey, bytes);
    return { iv, ct: new Uint8Array(ct) };
  }

  /** Null: it was not sealed here for this purpose, or not in this sign-in. */
  async open(purpose: string, { iv, ct }: DeviceSealed): Promise<Bytes | null> {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(cipherOf(purpose, iv), this.deviceKey, ct));
    } catch {
      return null;
    }
  }

  close(): void {
    this.database.close();
  }
}

async function deviceKeyIn(database: IDBPDatabase<KeySchema>): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Made beforehand, since a transaction does not wait for WebCrypto; of two tabs that open at once the first one's stays.
  const transaction = database.transaction("device", "readwrite");
  const held = await transaction.store.get("key");
  if (held === undefined) await transaction.store.put(made, "key");
  await transaction.done;
  return held ?? made;
}

function cipherOf(purpose: string, iv: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: utf8(purpose) };
}

function refuseExtractable(key: CryptoKey): void {
  if (key.extractable) throw new Error("A private key that can be read out is not kept.");
}

function nameOf(accountId: string): string {
  return `tertulia-keys.${accountId}`;
}
