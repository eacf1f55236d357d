/**
 * Messages on their way out.
 *
 * A message is on disk before it is shown, and leaves the disk when the server has taken or for ever refused it, so that
 * neither a reload nor a lost connection loses it. Within a conversation they go out one after the other; one tab sends at
 * a time. What was sent without the answer arriving is sent again under the same `client_ref`, which the server knows.
 */

import type { Message } from "../model/message.ts";
import { byConversation, type PendingMessage } from "../model/pending.ts";
import { retryDelay_ms } from "../protocol/backoff.ts";
import type { TopicChannel } from "../protocol/channels.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Exclusively } from "../protocol/locks.ts";
import type { Stores } from "../stores/stores.ts";
import type { Tabs } from "./environment.ts";
import type { Queue } from "./queue.ts";

export interface OutboxOptions {
  readonly queue: Queue;
  readonly store: Stores["outbox"];
  readonly exclusively: Exclusively;
  readonly tabs: Tabs;
  /** Distinguishes the accounts of one browser. */
  readonly accountId: string;
  /** Null, or not joined, while nothing can be sent there. */
  readonly channelOf: (conversationId: string) => TopicChannel | null;
  readonly onSent: (message: Message) => void;
}

/** Refusals after which the same message may be taken. All others are final. */
const passingCodes = new Set([
  "offline",
  "timeout",
  "rate_limited",
  "unavailable",
  "error",
  "unmatched topic",
  "invalid_token",
]);

type News = { readonly sent: Message } | "changed";

export class Outbox {
  private readonly options: OutboxOptions;
  private flushing: Promise<void> | null = null;
  private isFlushDue = false;
  private isStopped = false;
  private failedTries = 0;
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

  /** Resolves when the message is on disk and shown. */
  async add(item: PendingMessage): Promise<void> {
    await this.options.queue.add(item);
    await this.changed();
    void this.flush();
  }

  async retry(clientRef: string): Promise<void> {
    await this.options.queue.setDelivery(clientRef, { status: "waiting" });
    await this.changed();
    void this.flush();
  }

  async discard(clientRef: string): Promise<void> {
    await this.options.queue.remove(clientRef);
    await this.changed();
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
      try {
        await this.sendOne(channel, item);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (passingCodes.has(error.code)) return error.code === "offline";
        const failure = { code: error.code, detail: error.message };
        await this.options.queue.setDelivery(item.clientRef, { status: "refused", failure });
        await this.changed();
      }
    }
    return true;
  }

  private async sendOne(channel: TopicChannel, item: PendingMessage): Promise<void> {
    const { message } = await channel.push<{ message: Message }>("send_message", {
      content: item.content,
      client_ref: item.clientRef,
      ...(item.replyTo === null ? {} : { reply_to: item.replyTo }),
    });
    this.options.onSent(message);
    this.options.tabs.tell({ sent: message } satisfies News);
    await this.options.queue.remove(item.clientRef);
    await this.changed();
  }

  private retryLater(): void {
    this.failedTries += 1;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.flush(), retryDelay_ms(this.failedTries));
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
    const shown = items.map(({ position: _position, ...item }) => {
      const before = known.get(item.clientRef);
      return before?.delivery.status === item.delivery.status ? before : item;
    });
    this.options.store.setState({ byConversation: byConversation(shown) });
  }
}
