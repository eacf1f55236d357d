/** Who is signed in, in this tab. */

import type { Me } from "../model/user.ts";
import { retryDelay_ms } from "../protocol/backoff.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Authentication, Rest } from "../protocol/rest.ts";
import { clearAccount, type Stores } from "../stores/stores.ts";
import { Account } from "./account.ts";
import type { Environment, Tabs } from "./environment.ts";
import type { Preferences } from "./preferences.ts";
import { type Extent, Wiping } from "./wiping.ts";

/** The person who was signed in last, so that the client opens without a connection too. */
const meKey = "tertulia.me";

export class Session {
  private readonly stores: Stores;
  private readonly rest: Rest;
  private readonly environment: Environment;
  private readonly preferences: Preferences;
  /** The other tabs of this browser share the cookies, and so who is signed in. */
  private readonly tabs: Tabs;
  private readonly wiping: Wiping;
  private account: Account | null = null;
  /** Counts the sign-ins and sign-outs: opening an account takes a while, in which it may have become out of date. */
  private turn = 0;
  /** Settles when an account that is being opened is open: before that nothing of it is wiped. */
  private opening: Promise<unknown> = Promise.resolve();
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(stores: Stores, rest: Rest, environment: Environment, preferences: Preferences) {
    this.stores = stores;
    this.rest = rest;
    this.environment = environment;
    this.preferences = preferences;
    this.wiping = new Wiping(environment);
    this.tabs = environment.openTabs("tertulia.session");
    this.tabs.hear(() => void this.heardTab());
  }

  /** The signed-in person's part of the client; refuses while nobody is. */
  current(): Account {
    if (this.account !== null) return this.account;
    throw new ApiError({ status: 401, code: "not_authenticated", detail: "You are not signed in." });
  }

  isSignedIn(): boolean {
    return this.account !== null;
  }

  /** Settles when it is known who is signed in. */
  async start(failedTries = 0): Promise<void> {
    const { turn } = this;
    // A page may have closed before it was done.
    void this.wiping.finishAll();
    try {
      const me = await this.rest.me();
      if (turn === this.turn) await this.begin(me);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Somebody signed in or out meanwhile: this is an answer about the time before.
      if (turn !== this.turn) return;
      if (error.status === 401) await this.end();
      else await this.startUnheard(failedTries + 1);
    }
  }

  async enter(authentication: Authentication): Promise<void> {
    await this.begin(authentication.user, authentication);
    this.tabs.tell("signed in");
  }

  /** The person signed out. */
  async leave(): Promise<void> {
    await this.end("all");
    this.tabs.tell("signed out");
  }

  /** The server ended the session, or it ran out. */
  async lose(): Promise<void> {
    await this.end();
  }

  /** Something may have changed who is signed in here, or what is known of them: asks the server. */
  async look(): Promise<void> {
    const { turn } = this;
    if ((await this.ask()) === "signedOut" && turn === this.turn) await this.lose();
  }

  /** The signed-in person as the server now has them. */
  update(me: Me): void {
    this.stores.session.setState({ status: "signedIn", me });
    this.environment.storage.setItem(meKey, JSON.stringify(me));
    this.account?.copies.putUsers([me]);
    this.preferences.adopt(me);
  }

  stop(): void {
    this.turn += 1;
    clearTimeout(this.retryTimer);
    this.tabs.close();
    void this.account?.stop();
    this.account = null;
  }

  private async begin(me: Me, seen?: Authentication): Promise<void> {
    this.turn += 1;
    const { turn } = this;
    await this.account?.stop();
    this.account = null;
    const before = this.remembered();
    // Somebody else's session ended unseen.
    if (before !== null && before.id !== me.id) void this.wipe(before.id, "seen").catch(() => undefined);
    await this.wiping.finish(me.id).catch(() => undefined);
    if (turn !== this.turn) return;
    clearAccount(this.stores);
    this.preferences.adopt(me);
    const opening = Account.open(
      {
        me,
        stores: this.stores,
        rest: this.rest,
        environment: this.environment,
        askSession: () => this.ask(),
        onSessionEnded: () => void this.lose(),
        onProfile: (profile) => this.update(profile),
      },
      { conversations: seen?.conversations ?? [], users: seen?.users ?? [] },
    );
    this.opening = opening.catch(() => undefined);
    const account = await opening;
    if (turn !== this.turn) {
      await account.stop();
      await this.wipe(me.id, "seen");
      return;
    }
    this.account = account;
    this.update(me);
  }

  private async end(extent: Extent = "seen"): Promise<void> {
    this.turn += 1;
    const { account } = this;
    const remembered = this.remembered()?.id;
    // Whoever is remembered had their session ended while the page was closed.
    const id = account?.me.id ?? remembered;
    if (id !== undefined) this.wiping.note(id, extent);
    this.account = null;
    // Another tab may have somebody else in by now.
    if (remembered === id) this.environment.storage.removeItem(meKey);
    this.stores.session.setState({ status: "signedOut" }, true);
    clearAccount(this.stores);
    await account?.stop();
    if (extent === "all") account?.drafts.clear();
    if (id !== undefined) await this.wipe(id, extent);
  }

  private async wipe(id: string, extent: Extent): Promise<void> {
    this.wiping.note(id, extent);
    await this.opening;
    await this.wiping.finish(id, extent);
  }

  // The server gave no answer, or none that tells who is signed in.
  private async startUnheard(failedTries: number): Promise<void> {
    const me = this.remembered();
    if (me !== null) {
      await this.begin(me);
      return;
    }
    const delay_ms = retryDelay_ms(failedTries);
    this.stores.connection.setState({ status: "offline", retryAt: Date.now() + delay_ms }, true);
    await new Promise((resolve) => {
      this.retryTimer = setTimeout(resolve, delay_ms);
    });
    await this.start(failedTries);
  }

  // The news is only a reason to ask: the server knows. It may be somebody else who is signed in now.
  private async heardTab(): Promise<void> {
    const { status } = this.stores.session.getState();
    if (status === "signedIn") await this.look();
    if (this.stores.session.getState().status === "signedOut") await this.start();
  }

  private async ask(): Promise<"signedIn" | "signedOut" | "unreachable"> {
    try {
      const me = await this.rest.me();
      if (me.id !== this.account?.me.id) return "signedOut";
      this.update(me);
      return "signedIn";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.status === 401 ? "signedOut" : "unreachable";
    }
  }

  private remembered(): Me | null {
    try {
      return JSON.parse(this.environment.storage.getItem(meKey) ?? "null") as Me | null;
    } catch {
      return null;
    }
  }
}
