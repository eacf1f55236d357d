/**
 * Messages on their way out.
 *
 * A message is on disk before it is shown, and leaves the disk when the server has taken or for ever refused it, so that
 * neither a reload nor a lost connection loses it. Within a conversation they go out one after the other; one tab sends at
 * a time. What goes with a message goes up before it, and what was written after it waits for it. What was sent without the answer arriving is sent again under the same `client_ref`, which the server knows.
 *
 * Into an encrypted conversation it is sealed at the moment of sending, for who is there then. Where somebody has no keys, or
 * another key than before, or the person has not seen that they are there, it waits until that is settled.
 */

import type { Message } from "../model/message.ts";
import { byConversation, isComplete, type PendingFile, type PendingMessage } from "../model/pending.ts";
import { retryDelay_ms } from "../protocol/backoff.ts";
import type { TopicChannel } from "../protocol/channels.ts";
import { ApiError } from "../protocol/errors.ts";
import { type Exclusively, exclusivelyHere } from "../protocol/locks.ts";
import type { Stores } from "../stores/stores.ts";
import type { Tabs } from "./environment.ts";
import type { Queue } from "./queue.ts";
import type { Uploads } from "./uploads.ts";

export interface OutboxOptions {
  readonly queue: Queue;
  readonly store: Stores["outbox"];
  readonly uploads: Pick<Uploads, "run" | "goOn" | "cancel" | "forget" | "hold" | "contentOf">;
  readonly exclusively: Exclusively;
  readonly tabs: Tabs;
  /** Distinguishes the accounts of one browser. */
  readonly accountId: string;
  /** Null, or not joined, while nothing can be sent there. */
  readonly channelOf: (conversationId: string) => TopicChannel | null;
  readonly onSent: (message: Message) => void;
  /** A copy for each who is there now, by their ids. */
  readonly seal: (item: PendingMessage) => Promise<Readonly<Record<string, string>>>;
  /** Reads anew who is there, and by which keys. */
  readonly onMisaddressed: (conversationId: string) => Promise<void>;
}

/** Refusals after which the same message may be taken. All others are final. */
const passingCodes = new Set([
  "offline",
  "timeout",
  "rate_limited",
  "slow_mode",
  "unavailable",
  "error",
  "unmatched topic",
  "invalid_token",
]);

/** It was not sealed for exactly who is there, who may have come or gone a moment ago. */
const misaddressedCodes = new Set(["missing_keys", "not_enough_recipients", "too_many_recipients"]);

/** Nothing can be sealed there; whoever sees to it has the outbox flushed. */
const sealingCodes = new Set(["encryption_locked", "encryption_unsupported", "waiting_for_keys", "key_changed", "unseen_readers"]);

/** What the files of one message may have together to be kept on disk. */
const maxKept_bytes = 50 * 1024 * 1024;

type News = { readonly sent: Message } | "changed";

export class Outbox {
  private readonly options: OutboxOptions;
  private readonly inTurn = exclusivelyHere();
  private flushing: Promise<void> | null = null;
  private isFlushDue = false;
  private isStopped = false;
  private failedTries = 0;
  private notBefore_ms = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.options = options;
    options.tabs.hear((news) => void this.hearTab(news as News));
  }

  /** Shows what an earlier visit left, and sends it. */
  async start(): Promise<void> {
    await this.show();
    await this.flush();
  }

  /** Resolves when the message is on disk and shown. What is to be sealed first takes a while: nothing overtakes it. */
  async add(item: PendingMessage): Promise<void> {
    await this.inTurn(item.conversationId, async () => await this.keep(await this.options.queue.prepared(item)));
    await this.changed();
    void this.flush();
  }

  /** Looks at the records anew, and sends what can be sent: a file has arrived, or was refused. */
  async look(): Promise<void> {
    if (this.isStopped) return;
    await this.changed();
    await this.flush();
  }

  /** Tries at once what waits for its next try. */
  async goOn(): Promise<void> {
    this.options.uploads.goOn();
    await this.flush();
  }

  /** A file that was too large to be kept was chosen again. */
  async replaceFile(clientRef: string, file: PendingFile, content: Blob): Promise<void> {
    this.options.uploads.hold(file.ref, await this.options.queue.replaceFile(clientRef, file, content));
    await this.retry(clientRef);
  }

  async retry(clientRef: string): Promise<void> {
    await this.options.queue.setDelivery(clientRef, { status: "waiting" });
    await this.changed();
    void this.flush();
  }

  async discard(clientRef: string): Promise<void> {
    const item = await this.options.queue.get(clientRef);
    await this.options.queue.remove(clientRef);
    await this.changed();
    if (item !== null) await this.options.uploads.cancel(item);
    void this.flush();
  }

  /** The conversation is no more for this person. */
  async discardAll(conversationId: string): Promise<void> {
    const items = this.options.store.getState().byConversation[conversationId] ?? [];
    for (const item of items) await this.options.queue.remove(item.clientRef);
    if (items.length > 0) await this.changed();
  }

  /** Sends all that can be sent now. To be called whenever a conversation can be sent to again. Settles when done. */
  flush(): Promise<void> {
    this.isFlushDue = true;
    this.flushing ??= Promise.resolve().then(() => this.flushWhileDue());
    return this.flushing;
  }

  /** Settles when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retryTimer);
    this.options.tabs.close();
    await this.flushing;
  }

  private async flushWhileDue(): Promise<void> {
    const { exclusively, accountId, store } = this.options;
    try {
      while (this.isFlushDue && !this.isStopped) {
        this.isFlushDue = false;
        const isEmpty = Object.keys(store.getState().byConversation).length === 0;
        if (!isEmpty) await exclusively(`tertulia.outbox.${accountId}`, () => this.sendWaiting());
      }
    } finally {
      // In the same turn as the last look at what is due, so that a later call starts anew.
      this.flushing = null;
    }
  }

  private async sendWaiting(): Promise<void> {
    if (this.isStopped) return;
    const waiting = (await this.options.queue.all()).filter((item) => item.delivery.status === "waiting");
    const lines = Object.values(byConversation(waiting));
    const results = await Promise.all(lines.map((items) => this.sendInOrder(items)));
    if (results.every((isDone) => isDone)) this.failedTries = 0;
    else this.retryLater();
  }

  /** False when the rest has to wait for a later try; true also where it has to wait for the conversation to be joined. */
  private async sendInOrder(items: readonly PendingMessage[]): Promise<boolean> {
    for (const item of items) {
      const channel = this.options.channelOf(item.conversationId);
      if (this.isStopped || channel === null || !channel.isJoined()) return true;
      // Discarded while what was before it was on its way.
      if ((await this.options.queue.get(item.clientRef)) === null) continue;
      if (!isComplete(item)) {
        this.options.uploads.run(item);
        return true;
      }
      try {
        await this.sendOne(channel, item);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.retryAfter_s !== null) this.notBefore_ms = Date.now() + error.retryAfter_s * 1000;
        if (passingCodes.has(error.code)) return error.code === "offline";
        if (misaddressedCodes.has(error.code)) return false;
        if (sealingCodes.has(error.code)) return true;
        const failure = { code: error.code, detail: error.message };
        await this.options.queue.setDelivery(item.clientRef, { status: "refused", failure });
        await this.changed();
      }
    }
    return true;
  }

  private async sendOne(channel: TopicChannel, item: PendingMessage): Promise<void> {
    const said = item.encrypted ? await this.sealed(item) : { content: item.content };
    const { message } = await this.push(channel, item, {
      ...said,
      client_ref: item.clientRef,
      ...(item.replyTo === null ? {} : { reply_to: item.replyTo }),
      ...(item.files.length === 0 ? {} : { attachments: item.files.map((file) => file.attachment?.id) }),
      ...(item.silent ? { silent: true } : {}),
      ...(item.poll === null ? {} : { poll: item.poll }),
    });
    this.options.onSent(message);
    this.options.tabs.tell({ sent: message } satisfies News);
    await this.options.queue.remove(item.clientRef);
    this.options.uploads.forget(item);
    await this.changed();
  }

  /** Whatever goes wrong at it is a refusal, so that the person hears of it, and what was written after it goes on. */
  private async sealed(item: PendingMessage): Promise<{ readonly encrypted_messages: Readonly<Record<string, string>> }> {
    try {
      return { encrypted_messages: await this.options.seal(item) };
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError({ status: 0, code: "not_sealed", detail: "The message could not be encrypted." });
    }
  }

  /** Where the server says that it is sealed for others than are there, it is sealed once more for those. */
  private async push(channel: TopicChannel, item: PendingMessage, payload: object): Promise<{ message: Message }> {
    try {
      return await channel.push<{ message: Message }>("send_message", payload);
    } catch (error) {
      if (!(error instanceof ApiError) || !misaddressedCodes.has(error.code)) throw error;
      await this.options.onMisaddressed(item.conversationId);
      return await channel.push<{ message: Message }>("send_message", { ...payload, ...(await this.sealed(item)) });
    }
  }

  /** The disk may be too full for files; then they are held by this tab, as those are that are too large. */
  private async keep(item: PendingMessage): Promise<void> {
    const { queue, uploads } = this.options;
    const kept_bytes = item.files.reduce((sum, { content }) => sum + (content?.size ?? 0), 0);
    if (kept_bytes <= maxKept_bytes) {
      try {
        await queue.add(item);
        return;
      } catch (error) {
        if (kept_bytes === 0) throw error;
      }
    }
    for (const file of item.files) {
      const content = uploads.contentOf(file);
      if (content !== null) uploads.hold(file.ref, content);
    }
    await queue.add({ ...item, files: item.files.map(withoutContent) });
  }

  private retryLater(): void {
    this.failedTries += 1;
    clearTimeout(this.retryTimer);
    const delay_ms = Math.max(retryDelay_ms(this.failedTries), this.notBefore_ms - Date.now());
    this.retryTimer = setTimeout(() => void this.flush(), delay_ms);
  }

  private async hearTab(news: News): Promise<void> {
    if (this.isStopped) return;
    if (news !== "changed") {
      this.options.onSent(news.sent);
      return;
    }
    await this.show();
    await this.flush();
  }

  private async changed(): Promise<void> {
    this.options.tabs.tell("changed" satisfies News);
    await this.show();
  }

  private async show(): Promise<void> {
    const items = await this.options.queue.all();
    const known = new Map(
      Object.values(this.options.store.getState().byConversation).flatMap((shown) =>
        shown.map((item) => [item.clientRef, item]),
      ),
    );
    const shown = items.map((item) => {
      const before = known.get(item.clientRef);
      return before !== undefined && isSame(before, item) ? before : this.withContents(item);
    });
    this.options.store.setState({ byConversation: byConversation(shown) });
  }

  private withContents(item: PendingMessage): PendingMessage {
    // Of a sealed file the records have what is to be shown.
    const contentOf = (file: PendingFile) => (file.sealed === undefined ? this.options.uploads.contentOf(file) : file.content);
    return { ...item, files: item.files.map((file) => ({ ...file, content: contentOf(file) })) };
  }
}

function withoutContent(file: PendingFile): PendingFile {
  const { sealed } = file;
  return { ...file, content: null, ...(sealed === undefined ? {} : { sealed: { ...sealed, content: null } }) };
}

function isSame(one: PendingMessage, other: PendingMessage): boolean {
  return one.delivery.status === other.delivery.status && arrived(one) === arrived(other);
}

function arrived(item: PendingMessage): number {
  return item.files.filter((file) => file.attachment !== null).length;
}
