/** The account's own identity and secret on this device, and the ways to get the secret back. */

import { newAccountSecret, wrappingKeyOf } from "../../crypto/account_secret.ts";
import type { Bytes } from "../../crypto/bytes.ts";
import { type IdentityKeys, readIdentityObject } from "../../crypto/identity_keys.ts";
import { makeIdentity, recoverIdentity } from "../../crypto/key_pairs.ts";
import type { KeyStore } from "../../crypto/key_store.ts";
import { newRecoveryKey, readRecoveryKey, recoveryKeyText } from "../../crypto/recovery_key.ts";
import { openWithRecovery, wrapForRecovery } from "../../crypto/wraps.ts";
import type { KeyObject, Standing } from "../../model/encryption.ts";
import { ApiError } from "../../protocol/errors.ts";
import type { NewWrap, OwnKeys as Served, WrapToAdd } from "../../protocol/encryption_rest.ts";
import type { Rest } from "../../protocol/rest.ts";
import type { Stores } from "../../stores/stores.ts";
import { refusal } from "./refusals.ts";
import type { Trust } from "./trust.ts";

export interface OwnKeysOptions {
  readonly myId: string;
  readonly rest: Pick<Rest, "ownKeys" | "setIdentity" | "addWrap" | "removeWrap">;
  readonly keys: KeyStore;
  readonly store: Stores["encryption"];
  readonly trust: Trust;
  /** The device has come to the secret, or has lost it. */
  readonly onStanding: (standing: Standing) => void;
}

/** What it takes to go on: to sign keys and to wrap them. */
export interface Unlocked {
  readonly identity: IdentityKeys;
  readonly wrappingKey: CryptoKey;
  readonly secret: Bytes;
}

export class OwnKeys {
  private readonly options: OwnKeysOptions;
  private served: Served | null = null;
  private held: Unlocked | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: OwnKeysOptions) {
    this.options = options;
  }

  /** Null: none yet, or this device lacks the secret. */
  unlocked(): Unlocked | null {
    return this.held;
  }

  /** Rejects with `encryption_locked`. */
  requireUnlocked(): Unlocked {
    if (this.held === null) throw refusal("encryption_locked");
    return this.held;
  }

  wraps(): Served["wraps"] {
    return this.served?.wraps ?? [];
  }

  /** The present identity's version on the server; null: there is none. */
  version(): number | null {
    return this.served?.identity?.version ?? null;
  }

  /** What the device has, compared with what the server has. Never rejects: without an answer it goes by what it has. */
  async load(): Promise<void> {
    await this.inTurn(async () => await this.compare());
  }

  private async compare(): Promise<void> {
    const served = await this.options.rest.ownKeys().catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      return null;
    });
    if (served !== null) this.put(served);
    const [identity, secret] = await Promise.all([this.options.keys.identity(), this.options.keys.accountSecret()]);
    const isHeld = identity !== null && secret !== null && (served === null || isOf(served, identity));
    if (isHeld) {
      if (this.held?.identity.identity === identity.identity) return;
      this.held = { identity, secret, wrappingKey: await wrappingKeyOf(secret) };
      await this.options.trust.own(identity.identity);
      this.stand("ready");
    } else if (served !== null) {
      const standing = served.identity === null ? "none" : "locked";
      this.held = null;
      if (this.options.store.getState().standing !== standing) this.stand(standing);
    }
  }

  /** Makes the first identity, or one in the place of another; answers the recovery key as it is shown. */
  async setUp(password?: string): Promise<string> {
    return await this.inTurn(async () => await this.begin(password));
  }

  private async begin(password?: string): Promise<string> {
    const { myId, rest } = this.options;
    const secret = newAccountSecret();
    const wrappingKey = await wrappingKeyOf(secret);
    const made = await makeIdentity(wrappingKey);
    const { wrapped, text } = await this.recoveryWrap(secret, myId);
    const served = await rest.setIdentity({
      public_key: { ...made.publicObject },
      private_key: { ...made.privateObject },
      wraps: [{ kind: "recovery", wrapped }],
      replaces: this.version(),
      ...(password === undefined ? {} : { password }),
    });
    this.put(served);
    await this.keep({ identity: made.keys, wrappingKey, secret });
    return text;
  }

  /** Goes on with a secret that was got back. Rejects with `recovery_key_other` where it is not that of the identity. */
  async restore(secret: Bytes): Promise<void> {
    await this.inTurn(async () => await this.goOn(secret));
  }

  private async goOn(secret: Bytes): Promise<void> {
    if (this.served === null) this.put(await this.options.rest.ownKeys());
    const identity = this.served?.identity ?? null;
    if (identity === null) throw refusal("no_wrap");
    const wrappingKey = await wrappingKeyOf(secret);
    const recovered = await recoverIdentity(identity.public_key, identity.private_key, wrappingKey);
    if (recovered.status === "refused") throw refusal("recovery_key_other");
    await this.keep({ identity: recovered.keys, wrappingKey, secret });
  }

  async secretByRecoveryKey(text: string): Promise<Bytes> {
    const read = await readRecoveryKey(text);
    if (read.status === "unreadable") throw refusal(unreadableCodes[read.because]);
    const wraps = this.wraps().filter(({ kind }) => kind === "recovery");
    if (wraps.length === 0) throw refusal("no_wrap");
    for (const { wrapped } of wraps) {
      const opened = await openWithRecovery(wrapped, this.options.myId, read.key);
      if (opened.status === "opened") return opened.secret;
    }
    throw refusal("recovery_key_other");
  }

  async isRecoveryKey(text: string): Promise<boolean> {
    try {
      await this.secretByRecoveryKey(text);
      return true;
    } catch (error) {
      // A slip is told; another key is another one.
      if (error instanceof ApiError && error.code === "recovery_key_other") return false;
      throw error;
    }
  }

  /** Another recovery key; those before it are good for nothing then. */
  async renewRecoveryKey(password?: string): Promise<string> {
    const { myId } = this.options;
    const replaces = this.wraps().flatMap(({ id, kind }) => (kind === "recovery" ? [id] : []));
    const { wrapped, text } = await this.recoveryWrap(this.requireUnlocked().secret, myId);
    await this.addWrap({ kind: "recovery", wrapped, replaces, ...(password === undefined ? {} : { password }) });
    return text;
  }

  async addWrap(wrap: NewWrap & Partial<Pick<WrapToAdd, "replaces" | "password">>): Promise<void> {
    // The version says which secret it is: another device may have begun anew.
    await this.options.rest.addWrap({ replaces: [], ...wrap, version: this.version() ?? 0 });
    await this.look();
  }

  async removeWrap(id: string, password?: string): Promise<void> {
    await this.options.rest.removeWrap(id, password);
    await this.look();
  }

  /** Reads anew what the server has. */
  async look(): Promise<void> {
    await this.inTurn(async () => this.put(await this.options.rest.ownKeys()));
  }

  /** One after the other: an answer from before the keys were set up would take them away again. */
  private async inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return await done;
  }

  private async recoveryWrap(secret: Bytes, myId: string): Promise<{ wrapped: KeyObject; text: string }> {
    const key = newRecoveryKey();
    return { wrapped: { ...(await wrapForRecovery(secret, myId, key)) }, text: await recoveryKeyText(key) };
  }

  private async keep(unlocked: Unlocked): Promise<void> {
    const { keys, trust } = this.options;
    await keys.keepAccountSecret(unlocked.secret);
    await keys.keepIdentity(unlocked.identity);
    await trust.own(unlocked.identity.identity);
    this.held = unlocked;
    this.stand("ready");
  }

  private put(served: Served): void {
    this.served = served;
    const wraps = served.wraps.map(({ id, kind, label, inserted_at }) => ({ id, kind, label, inserted_at }));
    this.options.store.setState({ wraps });
  }

  private stand(standing: Standing): void {
    this.options.store.setState({ standing });
    this.options.onStanding(standing);
  }
}

const unreadableCodes = {
  length: "recovery_key_length",
  character: "recovery_key_letters",
  checksum: "recovery_key_typo",
} as const;

function isOf(served: Served, { identity }: IdentityKeys): boolean {
  return served.identity !== null && readIdentityObject(served.identity.public_key) === identity;
}
