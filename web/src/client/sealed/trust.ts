/** Whose identity is believed: the first one seen of somebody, and others only once the reader has said so. */

import { accept, type Pin, standingOf, withVerified } from "../../crypto/identities.ts";
import type { KeyStore } from "../../crypto/key_store.ts";
import type { Trust as TrustOfPerson } from "../../model/encryption.ts";
import type { Stores } from "../../stores/stores.ts";

export class Trust {
  private readonly keys: Pick<KeyStore, "pins" | "keepPin">;
  private readonly store: Stores["encryption"];
  private readonly myId: string;
  private readonly pins = new Map<string, Pin>();
  /** Identities that the server tells of, and that are not accepted. */
  private readonly changed = new Map<string, string>();

  constructor(keys: Pick<KeyStore, "pins" | "keepPin">, store: Stores["encryption"], myId: string) {
    this.keys = keys;
    this.store = store;
    this.myId = myId;
  }

  async load(): Promise<void> {
    for (const pin of await this.keys.pins()) this.pins.set(pin.accountId, pin);
    this.tell();
  }

  pin(userId: string): Pin | null {
    return this.pins.get(userId) ?? null;
  }

  /** The identity that the reader is to judge: the changed one where there is one. */
  identity(userId: string): string | null {
    return this.changed.get(userId) ?? this.pins.get(userId)?.identity ?? null;
  }

  isCurrent(userId: string, identity: string): boolean {
    return this.pins.get(userId)?.identity === identity;
  }

  isChanged(userId: string, identity: string): boolean {
    return standingOf(this.pin(userId), identity) === "changed";
  }

  /** Somebody goes by this identity, as the server or a copy of theirs says. */
  async see(userId: string, identity: string): Promise<void> {
    // About oneself the server is not believed: the secret shows which identity is one's own. What it says before that would be
    // held for a former one afterwards, and open what was forged in one's name.
    if (userId === this.myId) return;
    const pin = this.pin(userId);
    const standing = standingOf(pin, identity);
    if (standing === "new") await this.put(accept(null, userId, identity));
    else if (standing === "changed" && this.changed.get(userId) !== identity) {
      this.changed.set(userId, identity);
      this.tell();
    }
  }

  /** The identity that the account secret has opened. */
  async own(identity: string): Promise<void> {
    await this.put(accept(this.pin(this.myId), this.myId, identity));
  }

  /** False: nothing had changed. */
  async accept(userId: string): Promise<boolean> {
    const identity = this.changed.get(userId);
    if (identity === undefined) return false;
    this.changed.delete(userId);
    await this.put(accept(this.pin(userId), userId, identity));
    return true;
  }

  /** The numbers of `identity` were compared; false: the server tells of another one since, and nothing is taken to be so. */
  async verify(userId: string, isSame: boolean, identity: string): Promise<boolean> {
    if (isSame && identity !== this.identity(userId)) return false;
    await this.judge(userId, isSame);
    return true;
  }

  private async judge(userId: string, isSame: boolean): Promise<void> {
    // Different numbers of a changed key are a reason to leave it as it is.
    if (!isSame && this.changed.has(userId)) return;
    await this.accept(userId);
    const pin = this.pin(userId);
    if (pin !== null) await this.put(withVerified(pin, isSame));
  }

  private async put(pin: Pin): Promise<void> {
    if (this.pins.get(pin.accountId) === pin) return;
    this.pins.set(pin.accountId, pin);
    this.tell();
    await this.keys.keepPin(pin);
  }

  private tell(): void {
    const trust: Record<string, TrustOfPerson> = {};
    for (const { accountId, verified } of this.pins.values()) trust[accountId] = verified ? "verified" : "known";
    for (const userId of this.changed.keys()) trust[userId] = "changed";
    delete trust[this.myId];
    this.store.setState({ trust });
  }
}
