/**
 * The keys of encrypted conversations: everybody's, checked, and one's own, published where one has none and renewed before the
 * next message when somebody has left.
 */

import { type ConversationKeys, makeConversationKeys, recoverConversationKeys } from "../../crypto/key_pairs.ts";
import type { KeyStore } from "../../crypto/key_store.ts";
import { thumbprintOf, type VerifiedKey, verifyPublicKey } from "../../crypto/public_keys.ts";
import { readIdentityObject } from "../../crypto/identity_keys.ts";
import type { KeyObject, KeyObjects, RoomKeys, ServedKeys } from "../../model/encryption.ts";
import type { ConversationEvent } from "../../model/events.ts";
import { ApiError } from "../../protocol/errors.ts";
import type { Exclusively } from "../../protocol/locks.ts";
import type { Rest } from "../../protocol/rest.ts";
import type { Stores } from "../../stores/stores.ts";
import type { Circles } from "./circles.ts";
import type { OwnKeys, Unlocked } from "./own_keys.ts";
import { refusal, unlessFull, unlessPassing } from "./refusals.ts";
import type { Trust } from "./trust.ts";

export interface RoomsOptions {
  readonly myId: string;
  readonly rest: Pick<Rest, "keysOf" | "publishKeys">;
  readonly keys: KeyStore;
  readonly own: OwnKeys;
  readonly trust: Trust;
  readonly circles: Circles;
  readonly store: Stores["encryption"];
  readonly exclusively: Exclusively;
  /** Who is there now, oneself included; null: not known yet. */
  readonly membersOf: (conversationId: string) => readonly string[] | null;
  readonly loadMembers: (conversationId: string) => Promise<void>;
  /** Whether the server says that it is a conversation of two. */
  readonly isPrivate: (conversationId: string) => boolean;
  /** What stood in the way of sending there, or of opening, may not do so any more. */
  readonly onChanged: (conversationId: string) => void;
}

interface Room {
  served: ServedKeys;
  /** What the topic has told of each person's key, and when; null: they have left. */
  readonly heard: Map<string, { readonly seq: number; readonly key: KeyObject | null }>;
  own: ConversationKeys | null;
  /** By user id; one's own is not among them. */
  others: ReadonlyMap<string, VerifiedKey>;
  /** Thumbprints of one's own pairs that the account secret at hand does not open. */
  foreign: ReadonlySet<string>;
  isRenewalDue: boolean;
  /** How many pairs of one's own have come to this device. */
  gained: number;
  /** What was last told of. */
  state: string;
  /** One thing after the other. */
  work: Promise<void>;
}

/** With what a message is sealed. */
export interface Sealing {
  readonly sender: ConversationKeys;
  readonly recipients: readonly VerifiedKey[];
}

const noKeys: ServedKeys = { public_keys: {}, private_key: null, private_keys: [], identities: {} };

export class Rooms {
  private readonly options: RoomsOptions;
  private readonly rooms = new Map<string, Room>();

  constructor(options: RoomsOptions) {
    this.options = options;
  }

  /**
   * The keys of a conversation as they were at `seq`. Settles when they are looked at. An answer may be overtaken by what the
   * topic tells after it was given.
   */
  async hear(id: string, served: ServedKeys, seq: number): Promise<void> {
    await this.after(id, async (room) => {
      room.served = { ...served, public_keys: withLater(served.public_keys, room, seq) };
      await this.take(id, room);
    });
  }

  /** Settles when it is looked at. */
  async hearEvent(id: string, event: ConversationEvent): Promise<void> {
    if (event.type === "leave_conversation") {
      await this.after(id, async (room) => {
        room.heard.set(event.user_id, { seq: event.seq, key: null });
        const { [event.user_id]: _gone, ...left } = room.served.public_keys;
        room.served = { ...room.served, public_keys: left };
        room.isRenewalDue = true;
        await this.take(id, room);
      });
    }
    if (event.type === "join_conversation") this.tell(id);
    if (event.type === "set_encryption_keys") await this.hearKeys(id, event);
  }

  /** Somebody was seen to have left while nothing was heard. */
  async someoneLeft(id: string): Promise<void> {
    await this.after(id, async (room) => {
      room.isRenewalDue = true;
      await Promise.resolve();
    });
  }

  forget(id: string): void {
    this.rooms.delete(id);
    this.options.store.setState(({ rooms: { [id]: _gone, ...rooms } }) => ({ rooms }));
  }

  /** The device has come to the secret, or somebody's key was accepted: all is looked at again. */
  async lookAgain(): Promise<void> {
    await Promise.all([...this.rooms.keys()].map(async (id) => await this.after(id, async (room) => await this.takeAnew(id, room))));
  }

  /** Only how it stands is told anew, as after people came. */
  tellAll(): void {
    for (const id of this.rooms.keys()) this.tell(id);
  }

  /** Reads the keys of a conversation anew. */
  async refresh(id: string): Promise<void> {
    await this.after(id, async (room) => {
      room.served = await this.options.rest.keysOf(id);
      await this.take(id, room);
    });
  }

  /** One's own pair with this thumbprint, in whichever conversation. */
  async pair(thumbprint: string): Promise<ConversationKeys | null> {
    return await this.options.keys.conversationKeys(thumbprint);
  }

  /** Whether this pair is one's own, from before one began anew. */
  isForeign(id: string, thumbprint: string): boolean {
    return this.rooms.get(id)?.foreign.has(thumbprint) ?? false;
  }

  /** Whether somebody stands in the partner's place, and was not accepted there. */
  isStranger(id: string, userId: string): boolean {
    return userId !== this.options.myId && this.options.circles.isExchanged(id, userId);
  }

  /** Settles when what was heard of the conversation's keys is looked at. */
  async settled(id: string): Promise<void> {
    await this.rooms.get(id)?.work;
  }

  /** The person has before them that it is sealed for these from here on. */
  showReaders(id: string, userIds: readonly string[]): void {
    this.options.circles.tell(id, userIds);
    this.tell(id);
    this.options.onChanged(id);
  }

  /** It is to be sealed for these: they are expected, or take the partner's place. */
  async acceptReaders(id: string, userIds: readonly string[]): Promise<void> {
    await this.options.circles.welcome(id, userIds);
    this.showReaders(id, []);
  }

  /** Rejects with `encryption_locked`, `waiting_for_keys`, `key_changed` or `unseen_readers` where nothing can be sealed now. */
  async sealing(id: string): Promise<Sealing> {
    const { own, circles, membersOf, loadMembers } = this.options;
    own.requireUnlocked();
    if (membersOf(id) === null) await loadMembers(id);
    const members = membersOf(id);
    if (members === null) throw new ApiError({ status: 0, code: "unavailable", detail: "It is not known who is there." });
    if (!this.rooms.has(id)) await this.refresh(id);
    await this.after(id, async (room) => {
      room.isRenewalDue ||= circles.hasLost(id, members);
      if (room.own === null) await this.publish(id, room, null);
      if (room.isRenewalDue) await this.publish(id, room, room.own?.thumbprint ?? null);
      await circles.part(id, members);
    });
    const room = this.rooms.get(id);
    const sender = room?.own ?? null;
    if (room === undefined || sender === null) throw refusal("waiting_for_keys");
    const { waitingFor, changed, newcomers = [] } = this.standing(id, room);
    if (changed.length > 0) throw refusal("key_changed");
    if (waitingFor.length > 0) throw refusal("waiting_for_keys");
    if (!newcomers.every((userId) => circles.isTold(id, userId))) throw refusal("unseen_readers");
    await circles.welcome(id, newcomers);
    const recipients = (membersOf(id) ?? []).flatMap((userId) => room.others.get(userId) ?? []);
    return { sender, recipients: [...recipients, { ...sender, identity: sender.object.identity }] };
  }

  private async hearKeys(id: string, { seq, user_id: userId, public_key: publicKey }: KeysEvent): Promise<void> {
    const { myId } = this.options;
    await this.after(id, async (room) => {
      room.heard.set(userId, { seq, key: publicKey });
      const known = room.served.public_keys[userId];
      if (isSame(known, publicKey)) return;
      // Another device of one's own has published: the private half is with the server.
      if (userId === myId) room.served = await this.read(id, room.served);
      else room.served = { ...room.served, public_keys: { ...room.served.public_keys, [userId]: publicKey } };
      await this.take(id, room);
    });
  }

  private async takeAnew(id: string, room: Room): Promise<void> {
    room.state = "";
    await this.take(id, room);
  }

  /** Looks at what the server has told: whose keys are good, and whether one's own are there. */
  private async take(id: string, room: Room): Promise<void> {
    await this.check(id, room);
    if (this.options.own.unlocked() !== null) {
      await this.recover(id, room);
      if (room.own === null) await this.publish(id, room, null).catch(unlessPassing);
    } else room.own = null;
    this.tell(id);
    // Whoever sends again for it may be refused again, and have it read again: without a change that would go on for ever.
    const state = this.stateOf(id, room);
    if (state === room.state) return;
    room.state = state;
    this.options.onChanged(id);
  }

  private stateOf(id: string, room: Room): string {
    const others = [...room.others].map(([userId, { thumbprint }]) => [userId, thumbprint]);
    return JSON.stringify([room.own?.thumbprint, room.gained, others, this.standing(id, room)]);
  }

  /** Whose keys bear the signature of an identity, and whether that is the one that is believed. */
  private async check(id: string, room: Room): Promise<void> {
    const { myId, trust } = this.options;
    for (const [userId, identity] of Object.entries(room.served.identities)) {
      const read = readIdentityObject(identity);
      if (read !== null) await trust.see(userId, read);
    }
    const others = new Map<string, VerifiedKey>();
    for (const [userId, object] of Object.entries(room.served.public_keys)) {
      if (userId === myId) continue;
      const before = room.others.get(userId);
      const key = isSame(before?.object, object) ? before : await verified(object, id, userId);
      if (key === undefined) continue;
      others.set(userId, key);
      await trust.see(userId, key.identity);
    }
    room.others = others;
  }

  private async recover(id: string, room: Room): Promise<void> {
    const { myId, own } = this.options;
    const { public_keys, private_key } = room.served;
    const { [myId]: public_key } = public_keys;
    const current = public_key && private_key ? await this.recovered(id, room, { public_key, private_key }) : null;
    // It may be whole on this device and spoiled at the server, where nobody else could use it.
    const shown = public_key && (await verified(public_key, id, myId));
    room.own = shown?.identity === own.requireUnlocked().identity.identity ? current : null;
    for (const pair of room.served.private_keys) await this.recovered(id, room, pair);
  }

  private async recovered(id: string, room: Room, pair: KeyObjects): Promise<ConversationKeys | null> {
    const { keys, own, myId } = this.options;
    const unlocked = own.unlocked();
    const { x } = pair.public_key;
    if (unlocked === null || typeof x !== "string") return null;
    const thumbprint = await thumbprintOf(x);
    const held = await keys.conversationKeys(thumbprint);
    // A pair that a former identity signed opens what was sealed for it, and nothing is sealed with it any more.
    if (held !== null) return held.object.identity === unlocked.identity.identity ? held : null;
    const place = { conversationId: id, accountId: myId };
    const recovered = await recoverConversationKeys(pair.public_key, pair.private_key, place, unlocked.wrappingKey);
    if (recovered.status === "refused") {
      if (recovered.because === "locked") room.foreign = new Set([...room.foreign, thumbprint]);
      return null;
    }
    if (recovered.keys.object.identity !== unlocked.identity.identity) return null;
    await keys.keepConversationKeys(recovered.keys);
    room.gained += 1;
    return recovered.keys;
  }

  /** `before`: the pair that is to be replaced. Another tab or device may have done it in the meantime. */
  private async publish(id: string, room: Room, before: string | null): Promise<void> {
    const { myId, rest, own, exclusively } = this.options;
    await exclusively(`tertulia.keys.${myId}.${id}`, async () => {
      const unlocked = own.requireUnlocked();
      room.served = await rest.keysOf(id);
      await this.check(id, room);
      await this.recover(id, room);
      if (room.own === null) await this.publishNew(id, room, unlocked);
      // A pair that is only found again here may be from before somebody left.
      else if (before === null) return;
      else if (room.own.thumbprint === before) await this.publishNew(id, room, unlocked).catch(unlessFull);
      room.isRenewalDue = false;
    });
    this.tell(id);
  }

  private async publishNew(id: string, room: Room, { identity, wrappingKey }: Unlocked): Promise<void> {
    const { myId, rest, keys } = this.options;
    const made = await makeConversationKeys({ conversationId: id, accountId: myId }, identity, wrappingKey, new Date());
    // Kept before it is published: what is sealed for it at once can be opened at once.
    await keys.keepConversationKeys(made.keys);
    const [public_key, private_key] = [{ ...made.publicObject }, { ...made.privateObject }];
    await rest.publishKeys(id, { public_key, private_key });
    room.own = made.keys;
    room.served = { ...room.served, public_keys: { ...room.served.public_keys, [myId]: public_key }, private_key };
  }

  private tell(id: string): void {
    const room = this.rooms.get(id);
    const { store, membersOf, loadMembers } = this.options;
    if (room === undefined) return;
    // It is told once they are known.
    if (membersOf(id) === null) {
      void loadMembers(id);
      return;
    }
    const standing = this.standing(id, room);
    if (isSame(store.getState().rooms[id], standing)) return;
    store.setState(({ rooms }) => ({ rooms: { ...rooms, [id]: standing } }));
  }

  private standing(id: string, room: Room): RoomKeys {
    const { circles, trust } = this.options;
    const others = this.others(id);
    const identityOf = (userId: string) => room.others.get(userId)?.identity ?? null;
    const isChanged = (userId: string) => {
      const identity = identityOf(userId);
      return identity !== null && trust.isChanged(userId, identity);
    };
    const exchanged = others.filter((userId) => circles.isExchanged(id, userId));
    const changed = others.filter((userId) => isChanged(userId) || exchanged.includes(userId));
    const waitingFor = others.filter((userId) => {
      const identity = identityOf(userId);
      return identity === null || !(trust.isCurrent(userId, identity) || isChanged(userId));
    });
    const unusable = waitingFor.filter((userId) => userId in room.served.public_keys);
    const newcomers = others.filter((userId) => circles.isNew(id, userId));
    return { waitingFor, changed, ...existing({ unusable, exchanged, newcomers }) };
  }

  /** Who is there besides oneself. */
  private others(id: string): readonly string[] {
    const { myId, circles, membersOf, isPrivate } = this.options;
    const members = membersOf(id);
    const others = (members ?? []).filter((userId) => userId !== myId);
    if (members !== null) circles.meet(id, others, isPrivate(id));
    return others;
  }

  private async read(id: string, before: ServedKeys): Promise<ServedKeys> {
    return await this.options.rest.keysOf(id).catch((error: unknown) => {
      unlessPassing(error);
      return before;
    });
  }

  private after(id: string, work: (room: Room) => Promise<void>): Promise<void> {
    const room = this.rooms.get(id) ?? {
      served: noKeys,
      heard: new Map(),
      own: null,
      others: new Map(),
      foreign: new Set(),
      isRenewalDue: false,
      gained: 0,
      state: "",
      work: Promise.resolve(),
    };
    this.rooms.set(id, room);
    const done = room.work.then(async () => await work(room));
    // What went wrong is told to whoever asked for it; what comes after it goes on, and reads the keys again where it needs them.
    room.work = done.catch(() => undefined);
    return done;
  }
}

type KeysEvent = Extract<ConversationEvent, { readonly type: "set_encryption_keys" }>;

/** Those of the lists that somebody is on. */
function existing(lists: Partial<RoomKeys>): Partial<RoomKeys> {
  return Object.fromEntries(Object.entries(lists).filter(([, userIds]) => userIds.length > 0));
}

function withLater(keys: ServedKeys["public_keys"], { heard }: Room, since: number): ServedKeys["public_keys"] {
  const all = { ...keys };
  for (const [userId, { seq, key }] of heard) {
    if (seq <= since) continue;
    if (key === null) delete all[userId];
    else all[userId] = key;
  }
  return all;
}

async function verified(object: KeyObject, conversationId: string, accountId: string): Promise<VerifiedKey | undefined> {
  const found = await verifyPublicKey(object, { conversationId, accountId });
  return found.status === "verified" ? found.key : undefined;
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
