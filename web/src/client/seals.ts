/**
 * The door to everything that needs keys, which is loaded once the list of conversations is there: at once where an encrypted one
 * is in it, or a moment later.
 */

import type { Message } from "../model/message.ts";
import type { KeyObject, ServedKeys } from "../model/encryption.ts";
import type { ConversationEvent } from "../model/events.ts";
import { type ShownMessage, shownMessage } from "../model/opening.ts";
import type { PendingMessage } from "../model/pending.ts";
import type { HandoverNews } from "../protocol/channels.ts";
import { ApiError } from "../protocol/errors.ts";
import { unlessPassing } from "./sealed/refusals.ts";
import type { Engine, EngineOptions } from "./sealed/engine.ts";

/** What somebody asks of a device key: to keep what is to be read here alone. */
export type Locker = Pick<Engine["keys"], "seal" | "open">;

type Copies = Readonly<Record<string, string>>;

/** In which the chats are drawn. */
const loaded_after_ms = 1_000;
/** A notice does not wait longer for what it is to say. */
const patience_ms = 3_000;

export class Seals {
  private readonly options: EngineOptions;
  private loading: Promise<Engine> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStopped = false;

  constructor(options: Omit<EngineOptions, "isStopped">) {
    this.options = { ...options, isStopped: () => this.isStopped };
  }

  /** Rejects with `encryption_unsupported`, and with `offline` where the code for it cannot be had now. */
  engine(): Promise<Engine> {
    this.loading ??= this.load();
    return this.loading;
  }

  async locker(): Promise<Locker> {
    return (await this.engine()).keys;
  }

  /** The list of conversations was read, on a connection that is new. */
  listed(): void {
    const { conversations } = this.options.stores;
    const isNeeded = Object.values(conversations.getState().byId).some(({ encrypted }) => encrypted);
    if (this.loading !== null) void this.quietly(async (engine) => await engine.own.load());
    if (this.loading !== null || isNeeded) void this.tidy();
    else this.timer ??= setTimeout(() => void this.tidy(), loaded_after_ms);
  }

  /** The keys as they were at `seq`, where an answer has any. */
  hearKeys(conversationId: string, seq: number, told: Partial<ServedKeys>): void {
    const { public_keys, private_key = null, private_keys = [], identities = {} } = told;
    if (public_keys === undefined) return;
    void this.quietly((engine) => engine.rooms.hear(conversationId, { public_keys, private_key, private_keys, identities }, seq));
  }

  hearLeaving(conversationId: string): void {
    void this.quietly(async (engine) => await engine.rooms.someoneLeft(conversationId));
  }

  hearEvent(conversationId: string, event: ConversationEvent): void {
    void this.quietly(async (engine) => await engine.hearEvent(conversationId, event));
  }

  /** Messages changed while nothing was heard of them. */
  hearChanged(messages: readonly Message[]): void {
    const changed = messages.filter(({ edited, is_deleted: isDeleted }) => edited || isDeleted);
    if (changed.length > 0) void this.quietly(async (engine) => await Promise.resolve(engine.opener.hear(changed)));
  }

  hearIdentity(userId: string, publicKey: KeyObject): void {
    void this.quietly((engine) => engine.hearIdentity(userId, publicKey));
  }

  hearHandover(news: HandoverNews): void {
    void this.quietly(async (engine) => await Promise.resolve(engine.handing.hear(news)));
  }

  /** Has these opened, which are in no store. */
  want(messages: readonly Message[]): void {
    if (messages.some(({ encrypted }) => encrypted)) void this.quietly(async (engine) => await Promise.resolve(engine.opener.want(messages)));
  }

  /** The messages as they are to be shown, once they are open, or it has taken too long. */
  async shown(messages: readonly Message[]): Promise<readonly ShownMessage[]> {
    const opening = this.quietly(async (engine) => {
      await Promise.all(messages.map(async (message) => await engine.opener.opened(message)));
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience_ms);
    });
    await Promise.race([opening, tooLong]);
    clearTimeout(timer);
    return messages.map((message) => shownMessage(message, this.options.stores.opened.getState()));
  }

  /** Settles when a message of the stores is open, with its reactions, or cannot be. */
  async opened(message: Message | null): Promise<void> {
    const { opener } = await this.engine();
    if (message !== null) await opener.opened(message);
  }

  async sealMessage(item: PendingMessage): Promise<Copies> {
    return await (await this.engine()).sealer.message(item);
  }

  async sealEdit(message: Message, text: string): Promise<Copies> {
    await this.opened(message);
    const before = this.options.stores.opened.getState().byCopy[message.copy_id ?? ""];
    return await (await this.engine()).sealer.edit(message, text, before);
  }

  async sealReaction(message: Message, emoji: readonly string[]): Promise<Copies> {
    return await (await this.engine()).sealer.reaction(message, emoji);
  }

  /** Who is there, and by which keys, is read anew, after a refusal that says so. */
  async refresh(conversationId: string): Promise<void> {
    await (await this.engine()).rooms.refresh(conversationId);
  }

  /** The conversation is no more for this person. */
  forget(conversationId: string): void {
    // What is not loaded yet begins with tidying.
    if (this.loading === null) return;
    void this.quietly(async (engine) => {
      engine.rooms.forget(conversationId);
      await engine.history.forget(conversationId);
    });
  }

  /** From now on it says nothing more to the stores, which may be somebody else's soon. */
  silence(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  async stop(): Promise<void> {
    this.silence();
    const engine = await this.loading?.catch(() => null);
    await engine?.stop();
  }

  /**
   * Forgets what was opened in conversations that are not there any more: the person may have been removed while the page was
   * closed, and another page may have heard of it and closed before this was loaded.
   */
  private async tidy(): Promise<void> {
    const { conversations } = this.options.stores;
    await this.quietly(async ({ history }) => await history.keepOnly(new Set(Object.keys(conversations.getState().byId))));
  }

  private async load(): Promise<Engine> {
    try {
      if (this.isStopped) throw new ApiError({ status: 0, code: "not_authenticated", detail: "You are not signed in." });
      const { startEngine } = await import("./sealed/engine.ts").catch(() => {
        throw new ApiError({ status: 0, code: "offline", detail: "The server cannot be reached." });
      });
      return await startEngine(this.options);
    } catch (error) {
      const isFinal = error instanceof ApiError && error.code === "encryption_unsupported";
      if (!isFinal) this.loading = null;
      throw error;
    }
  }

  /** What nobody waits for: a refusal now is made good when it is asked for. */
  private async quietly(work: (engine: Engine) => Promise<void>): Promise<void> {
    try {
      const engine = await this.engine();
      if (!this.isStopped) await work(engine);
    } catch (error) {
      unlessPassing(error);
    }
  }
}
