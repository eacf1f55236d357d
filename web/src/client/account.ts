/** Everything that lives as long as one person is signed in. */

import type { OwnConversation } from "../model/conversation.ts";
import type { Me, User } from "../model/user.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import { Connection } from "../protocol/socket.ts";
import type { Stores } from "../stores/stores.ts";
import { Cache } from "./cache.ts";
import { Catchup } from "./catchup.ts";
import { Copies } from "./copies.ts";
import { openAccountDatabase, type AccountDatabase } from "./database.ts";
import { Drafts } from "./drafts.ts";
import { SealedPlaces } from "./sealed_places.ts";
import type { Environment } from "./environment.ts";
import { HeldFiles } from "./held_files.ts";
import { Hearing } from "./hearing.ts";
import { Keeping } from "./keeping.ts";
import { Memberships } from "./memberships.ts";
import { Notices } from "./notices.ts";
import { readStars } from "./messages.ts";
import { Outbox } from "./outbox.ts";
import { Pins } from "./pins.ts";
import { Queue } from "./queue.ts";
import { Reading } from "./reading.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { Seals } from "./seals.ts";
import { Strangers } from "./strangers.ts";
import { Sync } from "./sync.ts";
import { Threads } from "./threads.ts";
import { Typing } from "./typing.ts";
import { Uploads } from "./uploads.ts";
import { VoiceDoor } from "./voice.ts";
import { Wishes } from "./wishes.ts";

export interface AccountOptions {
  readonly me: Me;
  readonly stores: Stores;
  readonly rest: Rest;
  readonly environment: Environment;
  readonly askSession: () => Promise<"signedIn" | "signedOut" | "unreachable">;
  readonly onSessionEnded: () => void;
  readonly onProfile: (me: Me) => void;
}

export class Account {
  readonly me: Me;
  readonly connection: Connection;
  readonly copies: Copies;
  readonly drafts: Drafts;
  private readonly sealedPlaces: SealedPlaces;
  readonly keeping: Keeping;
  readonly memberships: Memberships;
  readonly notices: Notices;
  readonly outbox: Outbox;
  readonly pins: Pins;
  readonly reading: Reading;
  readonly schedule: Schedule;
  readonly seals: Seals;
  readonly sync: Sync;
  readonly threads: Threads;
  readonly typing: Typing;
  readonly voice: VoiceDoor;
  readonly wishes: Wishes;
  private readonly database: AccountDatabase;
  private readonly cache: Cache;
  private readonly catchup: Catchup;
  private readonly hearing: Hearing;
  private readonly strangers: Strangers;
  private readonly uploads: Uploads;
  private readonly stopListening: () => void;

  private constructor(options: AccountOptions, database: AccountDatabase) {
    const { me, stores, rest, environment } = options;
    this.me = me;
    this.database = database;
    this.sealedPlaces = new SealedPlaces(environment.storage, me.id, stores);
    this.copies = new Copies(stores, me.id);
    this.cache = new Cache(database, stores);
    this.keeping = new Keeping(rest, this.copies);
    this.seals = new Seals({
      myId: me.id,
      stores,
      rest,
      exclusively: environment.exclusively,
      openTabs: environment.openTabs,
      membersOf: (id) => this.copies.membersOf(id),
      loadMembers: async (id) => await this.memberships.load(id),
      isPrivate: (id) => this.copies.row(id)?.kind === "private",
      onSendable: () => void this.outbox.flush(),
    });
    this.drafts = new Drafts({
      storage: environment.storage,
      accountId: me.id,
      isEncrypted: (id) => this.copies.row(id)?.encrypted === true,
      locker: async () => await this.seals.locker(),
    });
    this.strangers = new Strangers(rest, stores.users, this.copies);
    this.connection = new Connection({
      endpoint: `${environment.origin.replace(/^http/u, "ws")}/socket`,
      ...(environment.transport === undefined ? {} : { transport: environment.transport }),
      askSession: options.askSession,
      onState: (state) => stores.connection.setState(state, true),
      onSessionEnded: options.onSessionEnded,
    });
    this.catchup = new Catchup({
      rest,
      copies: this.copies,
      onTooFar: async (id) => await this.readAnew(id, rest),
      onNews: (id, messages) => this.notices.hear(id, messages),
      onChanges: (id, changes) => {
        this.hearing.caughtUp(id);
        this.seals.hearKeys(id, changes.conversation.head_seq, changes);
        if (!changes.conversation.encrypted) return;
        this.seals.hearChanged(changes.messages);
        if (changes.members.some(({ left }) => left)) this.seals.hearLeaving(id);
      },
      onGone: (id) => this.sync.forget(id),
    });
    this.hearing = new Hearing(this.copies, this.catchup);
    this.threads = new Threads({
      rest,
      copies: this.copies,
      catchup: this.catchup,
      cached: async (id) => await this.cache.thread(id),
      onFound: (id) => this.sync.join(id),
    });
    this.memberships = new Memberships(stores.memberships, rest, this.copies, this.catchup);
    this.pins = new Pins(rest, stores.pins, this.copies);
    this.wishes = new Wishes(rest, stores, this.copies, {
      known: async ({ id }) => await this.seals.opened(this.copies.find(id)),
      react: async (message, emoji) => {
        const encrypted_reactions = await this.seals.sealReaction(message, emoji);
        await this.say(message.conversation_id, "react", { message_group_id: message.id, encrypted_reactions });
      },
    });
    this.reading = new Reading(rest, this.copies, environment);
    this.typing = new Typing(stores.typing, me.id, (id, event) => this.tell(id, event));
    this.voice = new VoiceDoor({
      myId: me.id,
      stores,
      rest,
      socket: this.connection.socket,
      environment,
      copies: this.copies,
      seals: this.seals,
    });
    this.schedule = createSchedule(stores.schedules, rest);
    const queue = new Queue(database, async () => (await this.seals.engine()).records);
    this.uploads = new Uploads({
      rest,
      queue,
      held: new HeldFiles(environment.openTabs(`tertulia.files.${me.id}`)),
      store: stores.uploads,
      exclusively: environment.exclusively,
      accountId: me.id,
      onChanged: () => void this.outbox.look(),
    });
    this.outbox = new Outbox({
      queue,
      store: stores.outbox,
      uploads: this.uploads,
      exclusively: environment.exclusively,
      tabs: environment.openTabs(`tertulia.outbox.${me.id}`),
      accountId: me.id,
      channelOf: (id) => this.sync.channel(id),
      onSent: (message) => this.copies.takeIn(message.conversation_id, [message]),
      seal: async (item) => await this.seals.sealMessage(item),
      onMisaddressed: async (id) => {
        await this.catchup.run(id);
        await this.memberships.reload(id);
        await this.seals.refresh(id);
      },
    });
    this.notices = new Notices({
      stores,
      rest,
      environment,
      copies: this.copies,
      isShown: (id) => this.threads.isShown(id),
      open: async (messages) => await this.seals.shown(messages),
    });
    this.sync = new Sync({
      onNews: (id, message) => {
        this.reading.coming(id, message.sender);
        this.notices.hear(id, [message]);
      },
      onSchedule: (id) => void this.schedule.hear(id),
      onIdentity: (userId, publicKey) => this.seals.hearIdentity(userId, publicKey),
      onHandover: (news) => this.seals.hearHandover(news),
      onRings: (rings) => this.voice.hearRings(rings),
      onRing: (ring) => this.voice.hearRing(ring),
      onRingEnded: (id) => this.voice.hearRingEnded(id),
      onVoice: (id, userIds) => this.voice.hearPlace(id, userIds),
      stores,
      rest,
      connection: this.connection,
      copies: this.copies,
      catchup: this.catchup,
      hearing: this.hearing,
      reading: this.reading,
      typing: this.typing,
      strangers: this.strangers,
      onProfile: options.onProfile,
      onListed: () => {
        void readStars(rest, (ids) => this.copies.putStars(ids));
        this.seals.listed();
      },
      onEvent: (id, event) => {
        this.pins.hear(id, event);
        if (this.copies.row(id)?.encrypted) this.seals.hearEvent(id, event);
      },
      onJoined: (id, joined) => {
        void this.threads.joined(id, joined);
        void this.outbox.goOn();
        this.pins.rejoined(id);
        if (joined.conversation.encrypted) this.seals.hearKeys(id, joined.conversation.head_seq, joined);
      },
      onGone: (id) => {
        this.voice.forget(id);
        this.drafts.forget(id);
        this.seals.forget(id);
        void this.outbox.discardAll(id);
      },
    });
    this.stopListening = environment.onLeaving(() => void this.cache.save());
  }

  /** Opens the account's database, shows what it has, and connects. `seen` came with signing in. */
  static async open(
    options: AccountOptions,
    seen: { readonly conversations: readonly OwnConversation[]; readonly users: readonly User[] },
  ): Promise<Account> {
    const account = new Account(options, await openAccountDatabase(options.me.id));
    account.copies.putUsers([options.me, ...seen.users]);
    account.copies.adopt(seen.conversations);
    await account.cache.restore();
    account.cache.follow(account.threads);
    // The composer asks for them at once, and does not wait.
    await account.drafts.restore();
    account.sync.start();
    account.connection.connect();
    void account.outbox.start();
    void account.notices.load();
    void account.voice.load();
    return account;
  }

  /** Lets go of everything; what it leaves in this browser is for `Wiping`. */
  async stop(): Promise<void> {
    await this.halt();
    this.database.close();
  }

  private async halt(): Promise<void> {
    this.stopListening();
    this.sealedPlaces.stop();
    this.seals.silence();
    this.voice.stop();
    this.connection.disconnect();
    this.cache.stop();
    this.catchup.stop();
    this.hearing.stop();
    this.reading.stop();
    this.strangers.stop();
    this.sync.stop();
    this.typing.stop();
    this.uploads.stop();
    await this.outbox.stop();
    await this.seals.stop();
  }

  /** Says something in a conversation; rejects with `offline` while it is not joined. */
  readonly say = async (id: string, event: string, payload: object): Promise<void> => {
    const channel = this.sync.channel(id);
    if (!channel?.isJoined()) throw new ApiError({ status: 0, code: "offline", detail: "The server cannot be reached." });
    await channel.push(event, payload);
  };

  private tell(id: string, event: "start_typing" | "finish_typing"): void {
    const channel = this.sync.channel(id);
    // Nobody misses it when there is no connection.
    if (channel?.isJoined()) void channel.push(event, {}).catch(() => undefined);
  }

  private async readAnew(id: string, rest: Rest): Promise<void> {
    const before = this.copies.membersOf(id);
    this.copies.adopt([await rest.conversation(id)]);
    await this.threads.reload(id);
    await this.memberships.reload(id);
    if (!this.copies.row(id)?.encrypted) return;
    const now = this.copies.membersOf(id);
    if (before?.some((userId) => !now?.includes(userId))) this.seals.hearLeaving(id);
  }
}
