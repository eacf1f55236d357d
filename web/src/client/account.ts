/** Everything that lives as long as one person is signed in. */

import type { OwnConversation } from "../model/conversation.ts";
import type { Me, User } from "../model/user.ts";
import type { Rest } from "../protocol/rest.ts";
import { Connection } from "../protocol/socket.ts";
import type { Stores } from "../stores/stores.ts";
import { Cache } from "./cache.ts";
import { Catchup } from "./catchup.ts";
import { Copies } from "./copies.ts";
import { deleteAccountDatabase, openAccountDatabase, type AccountDatabase } from "./database.ts";
import { Drafts } from "./drafts.ts";
import type { Environment } from "./environment.ts";
import { Memberships } from "./memberships.ts";
import { Outbox } from "./outbox.ts";
import { Queue } from "./queue.ts";
import { Reading } from "./reading.ts";
import { Strangers } from "./strangers.ts";
import { Sync } from "./sync.ts";
import { Threads } from "./threads.ts";
import { Typing } from "./typing.ts";

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
  readonly memberships: Memberships;
  readonly outbox: Outbox;
  readonly reading: Reading;
  readonly sync: Sync;
  readonly threads: Threads;
  readonly typing: Typing;
  private readonly database: AccountDatabase;
  private readonly cache: Cache;
  private readonly catchup: Catchup;
  private readonly strangers: Strangers;
  private readonly stopListening: () => void;

  private constructor(options: AccountOptions, database: AccountDatabase) {
    const { me, stores, rest, environment } = options;
    this.me = me;
    this.database = database;
    this.copies = new Copies(stores, me.id);
    this.cache = new Cache(database, stores);
    this.drafts = new Drafts(environment.storage, me.id);
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
      onGone: (id) => this.sync.forget(id),
    });
    this.threads = new Threads({
      rest,
      copies: this.copies,
      catchup: this.catchup,
      cached: async (id) => await this.cache.thread(id),
      onFound: (id) => this.sync.join(id),
    });
    this.memberships = new Memberships(stores.memberships, rest, this.copies, this.catchup);
    this.reading = new Reading(rest, this.copies, environment);
    this.typing = new Typing(stores.typing, me.id, (id, event) => this.tell(id, event));
    this.outbox = new Outbox({
      queue: new Queue(database),
      store: stores.outbox,
      exclusively: environment.exclusively,
      tabs: environment.openTabs(`tertulia.outbox.${me.id}`),
      accountId: me.id,
      channelOf: (id) => this.sync.channel(id),
      onSent: (message) => this.copies.takeIn(message.conversation_id, [message]),
    });
    this.sync = new Sync({
      stores,
      rest,
      connection: this.connection,
      copies: this.copies,
      catchup: this.catchup,
      reading: this.reading,
      typing: this.typing,
      strangers: this.strangers,
      onProfile: options.onProfile,
      onJoined: (id, joined) => {
        void this.threads.joined(id, joined);
        void this.outbox.flush();
      },
      onGone: (id) => {
        this.drafts.save(id, "");
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
    account.sync.start();
    account.connection.connect();
    void account.outbox.start();
    return account;
  }

  /**
   * Ends it. What was seen is wiped from this browser; what is on its way out and the drafts only when the person asked to
   * be signed out: they outlive a session that ended otherwise.
   */
  async close({ isWanted }: { readonly isWanted: boolean }): Promise<void> {
    await this.halt();
    // Another tab that signed out has closed the database, and wipes it itself.
    await this.cache.clear().catch(() => undefined);
    this.database.close();
    if (!isWanted) return;
    this.drafts.clear();
    await deleteAccountDatabase(this.me.id);
  }

  /** Lets go of everything and wipes nothing. */
  async stop(): Promise<void> {
    await this.halt();
    this.database.close();
  }

  private async halt(): Promise<void> {
    this.stopListening();
    this.connection.disconnect();
    this.cache.stop();
    this.catchup.stop();
    this.reading.stop();
    this.strangers.stop();
    this.sync.stop();
    this.typing.stop();
    await this.outbox.stop();
  }

  private tell(id: string, event: "start_typing" | "finish_typing"): void {
    const channel = this.sync.channel(id);
    // Nobody misses it when there is no connection.
    if (channel?.isJoined()) void channel.push(event, {}).catch(() => undefined);
  }

  private async readAnew(id: string, rest: Rest): Promise<void> {
    this.copies.adopt([await rest.conversation(id)]);
    await this.threads.reload(id);
    await this.memberships.reload(id);
  }
}
