/** All that works with keys, put together: what `seals.ts` loads where there is something to encrypt or to open. */

import { type Kept, type KeyStore, openKeyStore } from "../../crypto/key_store.ts";
import { compareScanned, safetyNumber } from "../../crypto/safety_numbers.ts";
import { readIdentityObject } from "../../crypto/identity_keys.ts";
import { canEncrypt } from "../../crypto/support.ts";
import type { Comparison, KeyObject, SafetyNumber } from "../../model/encryption.ts";
import type { ConversationEvent } from "../../model/events.ts";
import type { Exclusively } from "../../protocol/locks.ts";
import type { Rest } from "../../protocol/rest.ts";
import type { Stores } from "../../stores/stores.ts";
import type { Environment, Tabs } from "../environment.ts";
import { Circles } from "./circles.ts";
import { Files } from "./files.ts";
import { Handing } from "./handing.ts";
import { History } from "./history.ts";
import { Opener } from "./opener.ts";
import { OwnKeys } from "./own_keys.ts";
import { type PasskeyWays, passkeyWays } from "./passkey_ways.ts";
import { Records } from "./records.ts";
import { refusal, unlessPassing } from "./refusals.ts";
import { Rooms, type RoomsOptions } from "./rooms.ts";
import { Sealer } from "./sealer.ts";
import { Trust } from "./trust.ts";

export interface EngineOptions extends Pick<RoomsOptions, "membersOf" | "loadMembers" | "isPrivate"> {
  readonly myId: string;
  readonly stores: Stores;
  readonly rest: Rest;
  readonly exclusively: Exclusively;
  readonly openTabs: Environment["openTabs"];
  /** What stood in the way of sending may not do so any more. */
  readonly onSendable: () => void;
  /** The person has gone, and the stores are not theirs any more. */
  readonly isStopped: () => boolean;
}

/** Rejects with `encryption_unsupported` where the browser cannot. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (!(await canEncrypt())) {
    options.stores.encryption.setState({ standing: "unsupported" });
    throw refusal("encryption_unsupported");
  }
  const keys = await openKeyStore(options.myId);
  const engine = new Engine(options, keys, await History.open(options.myId, keys));
  await engine.start();
  return engine;
}

export class Engine {
  readonly keys: KeyStore;
  readonly trust: Trust;
  readonly circles: Circles;
  readonly own: OwnKeys;
  readonly rooms: Rooms;
  readonly opener: Opener;
  readonly sealer: Sealer;
  readonly files: Files;
  readonly handing: Handing;
  readonly records: Records;
  readonly history: History;
  readonly passkeys: PasskeyWays;
  private readonly options: EngineOptions;
  private readonly tabs: Tabs;
  /** What other tabs have kept, and this one has not begun to load. */
  private readonly heard = new Set<Kept>();
  /** One after the other. */
  private loading: Promise<void> = Promise.resolve();
  private readonly unsubscribe: () => void;
  private looked: Promise<void> = Promise.resolve();
  /** By user id, the identity whose numbers the person has before them: while they compare, the server may tell of another. */
  private readonly compared = new Map<string, string>();

  constructor(options: EngineOptions, keys: KeyStore, history: History) {
    const { myId, rest } = options;
    const stores = whileThere(options);
    this.options = options;
    this.keys = keys;
    this.history = history;
    this.records = new Records(keys);
    this.trust = new Trust(keys, stores.encryption, myId);
    this.circles = new Circles(keys);
    this.own = new OwnKeys({
      myId,
      rest,
      keys,
      store: stores.encryption,
      trust: this.trust,
      // What the server refuses here comes again; a store that was closed is asked no more.
      onStanding: () => void this.rooms.lookAgain().catch(unlessPassing),
    });
    this.rooms = new Rooms({
      ...options,
      keys,
      own: this.own,
      trust: this.trust,
      circles: this.circles,
      store: stores.encryption,
      onChanged: (id) => {
        this.opener.tryAgain(id);
        options.onSendable();
      },
    });
    this.opener = new Opener({
      myId,
      stores,
      own: this.own,
      rooms: this.rooms,
      trust: this.trust,
      onOpened: (message, text) => history.put(message, text),
    });
    this.sealer = new Sealer(this.rooms);
    this.files = new Files(rest);
    this.handing = new Handing({
      myId,
      rest,
      store: stores.encryption,
      secret: () => this.own.unlocked()?.secret ?? null,
      onSecret: async (secret) => await this.own.restore(secret),
    });
    this.passkeys = passkeyWays(myId, this.own, rest);
    this.tabs = options.openTabs(`tertulia.keys.${myId}`);
    this.tabs.hear((kept) => void this.hearTab(kept as Kept).catch(unlessPassing));
    keys.onKept = (kept) => {
      if (!options.isStopped()) this.tabs.tell(kept);
    };
    this.unsubscribe = stores.memberships.subscribe(() => this.rooms.tellAll());
  }

  async start(): Promise<void> {
    await Promise.all([this.trust.load(), this.circles.load()]);
    this.opener.start();
    this.looked = this.own.load();
    void this.looked.catch(unlessPassing);
  }

  /** The same, once it is known how it stands with the account's keys, as far as the server can be asked. */
  async known(): Promise<Engine> {
    await this.looked;
    return this;
  }

  /** Lets go of everything, and wipes nothing. */
  async stop(): Promise<void> {
    this.unsubscribe();
    this.tabs.close();
    this.opener.stop();
    this.files.stop();
    this.handing.stop();
    await this.history.close();
    this.keys.close();
  }

  /** Tabs share the store, and each of them has read it before. */
  private async hearTab(kept: Kept): Promise<void> {
    if (this.heard.has(kept)) return;
    this.heard.add(kept);
    const done = this.loading.then(async () => await this.load(kept));
    this.loading = done.catch(() => undefined);
    await done;
  }

  private async load(kept: Kept): Promise<void> {
    this.heard.delete(kept);
    if (kept === "own") await this.own.load();
    else if ((await Promise.all([this.trust.load(), this.circles.load()])).includes(true)) await this.rooms.lookAgain();
  }

  async hearEvent(conversationId: string, event: ConversationEvent): Promise<void> {
    if (event.type === "edit_message" || event.type === "delete_message") this.opener.hear([event.message]);
    await this.rooms.hearEvent(conversationId, event);
  }

  async hearIdentity(userId: string, publicKey: KeyObject): Promise<void> {
    const identity = readIdentityObject(publicKey);
    // One's own: another device has begun anew, or set it up.
    if (userId === this.options.myId) await this.own.load();
    else if (identity !== null) await this.trust.see(userId, identity);
    this.rooms.tellAll();
  }

  async acceptChangedKey(userId: string): Promise<void> {
    await this.trust.accept(userId);
    await this.rooms.lookAgain();
  }

  /** Rejects with `key_changed` where the numbers that were shown are not those of the identity that there is now. */
  async verify(userId: string, isSame: boolean): Promise<void> {
    if (!(await this.trust.verify(userId, isSame, this.compared.get(userId) ?? ""))) throw refusal("key_changed");
    await this.rooms.lookAgain();
  }

  async safetyNumber(userId: string): Promise<SafetyNumber | null> {
    const people = await this.people(userId);
    if (people === null) return null;
    const { groups, qrText } = await safetyNumber(people.me, people.other);
    this.compared.set(userId, people.other.identity);
    return { digits: groups.join(" "), qr: qrText };
  }

  async compare(userId: string, scanned: string): Promise<Comparison> {
    const people = await this.people(userId);
    if (people === null) return "unreadable";
    const comparison = await compareScanned(scanned, people.me, people.other);
    if (comparison === "same") this.compared.set(userId, people.other.identity);
    return comparison;
  }

  private async people(userId: string) {
    const own = this.own.unlocked();
    const identity = this.trust.identity(userId) ?? (await this.askIdentity(userId));
    if (own === null || identity === null) return null;
    const { myId } = this.options;
    return { me: { accountId: myId, identity: own.identity.identity }, other: { accountId: userId, identity } };
  }

  private async askIdentity(userId: string): Promise<string | null> {
    const object = await this.options.rest.identityOf(userId);
    const identity = object === null ? null : readIdentityObject(object);
    // What is compared is what is kept: from here on another one is a change.
    if (identity !== null) await this.trust.see(userId, identity);
    return identity;
  }
}

/** What is still under way when the person goes is not told to whoever comes next. */
function whileThere({ stores, isStopped }: EngineOptions): Stores {
  const { encryption, opened } = stores;
  return {
    ...stores,
    encryption: { ...encryption, setState: (...told: [EncryptionChange]) => (isStopped() ? undefined : encryption.setState(...told)) },
    opened: { ...opened, setState: (...told: [OpenedChange]) => (isStopped() ? undefined : opened.setState(...told)) },
  };
}

type EncryptionChange = Parameters<Stores["encryption"]["setState"]>[0];
type OpenedChange = Parameters<Stores["opened"]["setState"]>[0];
