/** Whose identity is believed: the first one seen of somebody, and others only once the reader has said so. */

import { accept, type Pin, standingOf, withVerified } from "../../crypto/identities.ts";
import type { KeyStore } from "../../crypto/key_store.ts";
import type { Trust as TrustOfPerson } from "../../model/encryption.ts";
import type { Stores } from "../../stores/stores.ts";

export class Trust {
  private readonly keys: Pick<KeyStore, "pins" | "changePin">;
  private readonly store: Stores["encryption"];
  private readonly myId: string;
  private readonly pins = new Map<string, Pin>();
  /** Identities that the server tells of, and that are not accepted. */
  private readonly changed = new Map<string, string>();

  constructor(keys: Pick<KeyStore, "pins" | "changePin">, store: Stores["encryption"], myId: string) {
    this.keys = keys;
    this.store = store;
    this.myId = myId;
  }

  /** Answers whether that is news. */
  async load(): Promise<boolean> {
    const kept = await this.keys.pins();
    const before = JSON.stringify([...this.pins]);
    for (const pin of kept) this.take(pin);
    this.tell();
    return JSON.stringify([...this.pins]) !== before;
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
    if (this.pin(userId) === null) await this.change(userId, (held) => held ?? accept(null, userId, identity));
    if (this.isChanged(userId, identity) && this.changed.get(userId) !== identity) {
      this.changed.set(userId, identity);
      this.tell();
    }
  }

  /** The identity that the account secret has opened. */
  async own(identity: string): Promise<void> {
    await this.change(this.myId, (held) => accept(held, this.myId, identity));
  }

  /** False: nothing had changed. */
  async accept(userId: string): Promise<boolean> {
    const identity = this.changed.get(userId);
    if (identity === undefined) return false;
    // One that is believed no more, since another one was accepted in another tab, stays so.
    await this.change(userId, (held) => (standingOf(held, identity) === "former" ? held : accept(held, userId, identity)));
    return true;
  }

  /** The numbers of `identity` were compared; false: the server tells of another one since, and nothing is taken to be so. */
  async verify(userId: string, isSame: boolean, identity: string): Promise<boolean> {
    if (isSame && identity !== this.identity(userId)) return false;
    // Different numbers of a changed key are a reason to leave it as it is.
    if (!isSame && this.changed.has(userId)) return true;
    await this.accept(userId);
    const isMeant = (held: Pin | null) => !isSame || held?.identity === identity;
    return isMeant(await this.change(userId, (held) => (held !== null && isMeant(held) ? withVerified(held, isSame) : held)));
  }

  private async change(userId: string, change: (held: Pin | null) => Pin | null): Promise<Pin | null> {
    const pin = await this.keys.changePin(userId, change);
    if (pin !== null) this.take(pin);
    this.tell();
    return pin;
  }

  private take(pin: Pin): void {
    this.pins.set(pin.accountId, pin);
    const changed = this.changed.get(pin.accountId);
    if (changed !== undefined && standingOf(pin, changed) !== "changed") this.changed.delete(pin.accountId);
  }

  private tell(): void {
    const trust: Record<string, TrustOfPerson> = {};
    for (const { accountId, verified } of this.pins.values()) trust[accountId] = verified ? "verified" : "known";
    for (const userId of this.changed.keys()) trust[userId] = "changed";
    delete trust[this.myId];
    this.store.setState({ trust });
  }
}
