/**
 * For whom this device seals in each conversation. Who is there is the server's word: those whom the device finds at its first
 * look are believed, as a first identity is. Whoever is there later is a stranger until the person has seen it. A private
 * conversation has no later members, so that there a stranger stands in the partner's place.
 */

import type { Circle, KeyStore } from "../../crypto/key_store.ts";
import { unlessPassing } from "./refusals.ts";

const nobody: ReadonlySet<string> = new Set();

export class Circles {
  private readonly keys: Pick<KeyStore, "circles" | "keepCircle">;
  private readonly circles = new Map<string, Circle>();
  /** By conversation, who is being told of to the person. */
  private readonly told = new Map<string, ReadonlySet<string>>();

  constructor(keys: Pick<KeyStore, "circles" | "keepCircle">) {
    this.keys = keys;
  }

  /** Answers whether that is news. */
  async load(): Promise<boolean> {
    const kept = await this.keys.circles();
    const before = JSON.stringify([...this.circles]);
    for (const circle of kept) this.circles.set(circle.conversationId, circle);
    return JSON.stringify([...this.circles]) !== before;
  }

  /** The first look; later ones change nothing. */
  meet(conversationId: string, userIds: readonly string[], isPrivate: boolean): void {
    // A private conversation whose partner is not known yet has not been looked at.
    if (this.circles.has(conversationId) || (isPrivate && userIds.length === 0)) return;
    void this.put({ conversationId, isPrivate, userIds }).catch(unlessPassing);
  }

  /** Whether somebody else than before is in a private conversation: `partner` of one that was met. */
  isExchanged(conversationId: string, partnerId: string): boolean {
    return this.circles.get(conversationId)?.isPrivate === true && !this.isKnown(conversationId, partnerId);
  }

  /** Whether the person is to be told that somebody reads along from here on, or is being told. */
  isNew(conversationId: string, userId: string): boolean {
    if (this.circles.get(conversationId)?.isPrivate !== false) return false;
    return this.isTold(conversationId, userId) || !this.isKnown(conversationId, userId);
  }

  isTold(conversationId: string, userId: string): boolean {
    return (this.told.get(conversationId) ?? nobody).has(userId);
  }

  tell(conversationId: string, userIds: readonly string[]): void {
    this.told.set(conversationId, new Set(userIds));
  }

  async welcome(conversationId: string, userIds: readonly string[]): Promise<void> {
    const circle = this.circles.get(conversationId);
    if (circle === undefined || userIds.every((userId) => circle.userIds.includes(userId))) return;
    await this.put({ ...circle, userIds: [...new Set([...circle.userIds, ...userIds])] });
  }

  /**
   * Whether somebody for whom it was sealed is not there any more, since the last `part`. Who left while this device was away may
   * never be told of.
   */
  hasLost(conversationId: string, userIds: readonly string[]): boolean {
    const circle = this.circles.get(conversationId);
    return goneFrom(circle, userIds).some((userId) => !circle?.gone?.includes(userId));
  }

  /** What is sealed from here on is nothing to those who are not there. */
  async part(conversationId: string, userIds: readonly string[]): Promise<void> {
    const circle = this.circles.get(conversationId);
    const gone = goneFrom(circle, userIds);
    if (circle === undefined || gone.join() === (circle.gone ?? []).join()) return;
    await this.put({ ...circle, gone });
  }

  private isKnown(conversationId: string, userId: string): boolean {
    return this.circles.get(conversationId)?.userIds.includes(userId) ?? false;
  }

  private async put(circle: Circle): Promise<void> {
    this.circles.set(circle.conversationId, circle);
    this.circles.set(circle.conversationId, await this.keys.keepCircle(circle));
  }
}

/** In private nobody leaves: who is not there was exchanged. */
function goneFrom(circle: Circle | undefined, userIds: readonly string[]): readonly string[] {
  return circle?.isPrivate === false ? circle.userIds.filter((userId) => !userIds.includes(userId)) : [];
}
