/**
 * Opens whatever sealed messages stand in the stores, and keeps what came of it in `stores.opened`.
 *
 * What is in view comes first: the newest message of a thread before its oldest. A few are opened at a time, with a pause in
 * which the page can do other things. What was opened stays for as long as its copy stays what it is; what did not open is
 * tried again when keys have come, or an identity was accepted.
 */

import type { MessageContent, SealedAttachment } from "../../crypto/contents.ts";
import { type CopyFault, openMessage, openReaction, type Setting } from "../../crypto/opening.ts";
import type { Attachment, AttachmentKind, Message, Reaction } from "../../model/message.ts";
import { mentionsIn } from "../../model/mentions.ts";
import type { Closed, OpenedCopy } from "../../model/opening.ts";
import type { Stores } from "../../stores/stores.ts";
import type { OwnKeys } from "./own_keys.ts";
import { unlessPassing } from "./refusals.ts";
import { Replays } from "./replays.ts";
import type { Rooms } from "./rooms.ts";
import type { Trust } from "./trust.ts";

export interface OpenerOptions {
  readonly myId: string;
  readonly stores: Pick<Stores, "opened" | "threads" | "conversations" | "pins" | "users" | "encryption">;
  readonly own: Pick<OwnKeys, "unlocked">;
  readonly rooms: Pick<Rooms, "settled" | "pair" | "isForeign" | "isStranger">;
  readonly trust: Pick<Trust, "pin" | "see">;
  /** A message was opened, or what it says is gone. */
  readonly onOpened: (message: Message, text: string | null) => void;
}

/** From what an entry of the store was made. */
interface Source {
  readonly content: string;
  readonly reactions: Message["encrypted_reactions"];
  readonly isFinal: boolean;
}

const shownAgain: OpenedCopy = { status: "closed", why: "shown_again" };

const batch = 8;
/** Until the next few, in which the page draws and answers. */
const pause_ms = 4;

export class Opener {
  private readonly options: OpenerOptions;
  private readonly seen = new WeakSet<Message>();
  private readonly sources = new Map<string, Source>();
  private readonly replays = new Replays();
  /** Messages that were deleted, perhaps while they were being opened. */
  private readonly deleted = new Set<string>();
  private queue = new Map<string, Message>();
  private readonly unsubscribe: (() => void)[] = [];
  private readonly waiting = new Map<string, (() => void)[]>();
  /** Those that are being opened now. */
  private readonly underWay = new Set<string>();
  private isRunning = false;
  private isStopped = false;

  constructor(options: OpenerOptions) {
    this.options = options;
  }

  start(): void {
    const { threads, conversations, pins } = this.options.stores;
    const look = (): void => this.look();
    for (const store of [threads, conversations, pins]) this.unsubscribe.push(store.subscribe(look));
    this.look();
  }

  stop(): void {
    this.isStopped = true;
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.queue.clear();
  }

  /** Opens messages that are in no store; those that are wanted first to be last. */
  want(messages: Iterable<Message>): void {
    for (const message of messages) this.enqueue(message);
    this.go();
  }

  /** Messages were edited or deleted: what was opened of them earlier is kept current where they stand in no store, too. */
  hear(messages: readonly Message[]): void {
    const standing = new Set(this.standing().map(({ id }) => id));
    this.want(messages.filter(({ id }) => !standing.has(id)));
  }

  /** Settles when it is known what a message says, or why it cannot be told. */
  async opened(message: Message): Promise<void> {
    const { copy_id: copyId } = message;
    if (copyId === undefined) return;
    this.want([message]);
    if (!this.queue.has(copyId) && !this.underWay.has(copyId)) return;
    await new Promise<void>((resolve) => {
      this.waiting.set(copyId, [...(this.waiting.get(copyId) ?? []), resolve]);
    });
  }

  /** What did not open is tried again. */
  tryAgain(conversationId?: string): void {
    const isConcerned = ({ conversation_id, copy_id = "" }: Message) =>
      (conversationId ?? conversation_id) === conversation_id && this.sources.get(copy_id)?.isFinal !== true;
    for (const message of this.standing()) {
      if (message.copy_id === undefined || !isConcerned(message)) continue;
      this.sources.delete(message.copy_id);
      this.enqueue(message);
    }
    this.go();
  }

  /** All that the stores have, the newest of a thread last. */
  private standing(): readonly Message[] {
    const { threads, conversations, pins } = this.options.stores;
    return [
      ...Object.values(conversations.getState().byId).flatMap(({ last_message: last }) => last ?? []),
      ...Object.values(pins.getState().byConversation).flat(),
      ...Object.values(threads.getState().byConversation).flatMap((thread) => (thread.status === "open" ? thread.messages : [])),
    ];
  }

  private look(): void {
    const { threads, conversations, pins } = this.options.stores;
    for (const { encrypted, last_message: last } of Object.values(conversations.getState().byId)) {
      if (encrypted && last !== null) this.enqueueNew(last);
    }
    for (const messages of Object.values(pins.getState().byConversation)) messages.forEach((each) => this.enqueueNew(each));
    const { byId } = conversations.getState();
    for (const [id, thread] of Object.entries(threads.getState().byConversation)) {
      if (byId[id]?.encrypted && thread.status === "open") for (const message of thread.messages) this.enqueueNew(message);
    }
    this.go();
  }

  private enqueueNew(message: Message): void {
    if (message.encrypted !== true || this.seen.has(message)) return;
    this.seen.add(message);
    this.enqueue(message);
  }

  private enqueue(message: Message): void {
    const { copy_id: copyId, content, is_deleted: isDeleted, encrypted_reactions: reactions } = message;
    if (this.isStopped) return;
    if (isDeleted) this.forget(message);
    // What everyone is told of a deletion names no copy; all else that is to be opened does.
    if (isDeleted || copyId === undefined) return;
    const source = this.sources.get(copyId);
    if (source?.content === content && source.reactions === reactions && source.isFinal) return;
    // The last one asked for is the first to be opened.
    this.queue.delete(copyId);
    this.queue.set(copyId, message);
  }

  private forget(message: Message): void {
    this.deleted.add(message.id);
    this.sources.delete(message.copy_id ?? "");
    this.options.onOpened(message, null);
  }

  private go(): void {
    if (this.queue.size > 0 && !this.isRunning) void this.run().catch(unlessPassing);
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.queue.size > 0 && !this.isStopped) {
        const messages = [...this.queue.values()].slice(-batch);
        for (const { copy_id: copyId = "" } of messages) {
          this.queue.delete(copyId);
          this.underWay.add(copyId);
        }
        const entries = await Promise.all(messages.map(async (message) => await this.tried(message)));
        if (!this.isStopped) this.put(entries);
        await new Promise((resolve) => setTimeout(resolve, pause_ms));
      }
    } finally {
      this.isRunning = false;
    }
  }

  private put(entries: readonly Entry[]): void {
    // Those that were open until now among them.
    const replayed = Object.fromEntries(this.replays.copyIds().map((copyId) => [copyId, shownAgain]));
    this.options.stores.opened.setState(({ byCopy, reactionsByCopy }) => ({
      byCopy: { ...byCopy, ...Object.fromEntries(entries.map(({ copyId, copy }) => [copyId, copy])), ...replayed },
      reactionsByCopy: {
        ...reactionsByCopy,
        ...Object.fromEntries(entries.flatMap(({ copyId, reactions }) => (reactions === null ? [] : [[copyId, reactions]]))),
      },
    }));
    for (const { copyId, message, copy } of entries) {
      if (copy.status === "open" && !(copyId in replayed || this.deleted.has(message.id))) this.options.onOpened(message, copy.text);
      this.underWay.delete(copyId);
      // It has changed while it was opened: it is known when the later one is open.
      if (this.queue.has(copyId)) continue;
      for (const resolve of this.waiting.get(copyId) ?? []) resolve();
      this.waiting.delete(copyId);
    }
  }

  /** One that fails in a way that nobody has thought of fails alone, and is tried again with all that did not open. */
  private async tried(message: Message): Promise<Entry> {
    try {
      return await this.open(message);
    } catch {
      const { copy_id: copyId = "" } = message;
      this.sources.delete(copyId);
      return { copyId, message, copy: { status: "closed", why: "failed" }, reactions: null };
    }
  }

  private async open(message: Message): Promise<Entry> {
    const { copy_id: copyId = "", content, encrypted_reactions: reactions } = message;
    const before = this.sources.get(copyId);
    const shown = this.options.stores.opened.getState().byCopy[copyId];
    const isSameCopy = before?.content === content && before.isFinal && shown !== undefined;
    const copy = isSameCopy ? shown : await this.openCopy(message);
    const isFinal = copy.status === "open" || isHopeless(copy);
    this.sources.set(copyId, { content, reactions, isFinal });
    return { copyId, message, copy, reactions: await this.openReactions(message) };
  }

  private async openCopy(message: Message): Promise<OpenedCopy> {
    await this.options.rooms.settled(message.conversation_id);
    const opened = await openMessage(message.content, this.setting(message, message.sender, message.client_ref));
    // Whether the keys for it are to be had is not known before it is known whether the device has the secret.
    const isEarly = this.options.stores.encryption.getState().standing === "unknown";
    if (opened.status === "closed" && opened.because === "unknown_key" && isEarly) return { status: "opening" };
    if (opened.status === "closed") return { status: "closed", why: this.whyClosed(message.conversation_id, opened) };
    if (this.options.rooms.isStranger(message.conversation_id, message.sender)) return { status: "closed", why: "stranger" };
    if (opened.standing === "new") await this.options.trust.see(message.sender, opened.identity);
    if (this.replays.isOutdated(message, opened.content.edit ?? 0)) return { status: "closed", why: "outdated" };
    const again = this.replays.take(message, opened.ref);
    if (again !== null) this.options.onOpened(again, null);
    return this.openCopyOf(message, opened.content);
  }

  private openCopyOf(message: Message, { text, attachments = [], reply_to: replyTo = "", edit = 0 }: MessageContent): OpenedCopy {
    const { userIds: mentions, all: mentionsAll } = mentionsIn(text, Object.values(this.options.stores.users.getState().byId));
    const carried = attachments.map((each) => attachmentOf(message, each));
    return { status: "open", text, attachments: carried, replyTo: replyTo || null, mentions, mentionsAll, editNo: edit };
  }

  private async openReactions(message: Message): Promise<readonly Reaction[] | null> {
    const sealed = Object.entries(message.encrypted_reactions ?? {});
    if (sealed.length === 0) return this.options.stores.opened.getState().reactionsByCopy[message.copy_id ?? ""] ? [] : null;
    const opened = await Promise.all(
      sealed.map(async ([userId, copy]) => {
        const reaction = await openReaction(copy, this.setting(message, userId, ""));
        return { userId, emoji: reaction.status === "opened" ? reaction.content : [] };
      }),
    );
    return reactionsOf(opened);
  }

  private setting(message: Message, senderId: string, ref: string | null): Setting {
    const { myId, trust, rooms } = this.options;
    return {
      conversationId: message.conversation_id,
      senderId,
      recipientId: myId,
      target: message.id,
      ref,
      pin: trust.pin(senderId),
      ownKeys: async (thumbprint) => await rooms.pair(thumbprint),
    };
  }

  private whyClosed(conversationId: string, fault: CopyFault): Closed {
    switch (fault.because) {
      case "unknown_key":
        if (this.options.own.unlocked() === null) return "locked";
        return this.options.rooms.isForeign(conversationId, fault.to) ? "former_identity" : "no_key";
      case "identity_changed":
        return "unknown_key_of_sender";
      case "unsupported":
        return "newer";
      case "wrong_recipient_key":
        return "other_chat";
      case "unsigned_sender_key":
        return "unsigned";
      case "malformed":
      case "misplaced":
      case "tampered":
        return fault.because;
    }
  }
}

interface Entry {
  readonly copyId: string;
  readonly message: Message;
  readonly copy: OpenedCopy;
  /** Null: it has none, and had none. */
  readonly reactions: readonly Reaction[] | null;
}

/** Keys and trust come and change; all else that keeps a copy closed is in the copy, and stays so. */
const passing = new Set<Closed>(["locked", "no_key", "former_identity", "unknown_key_of_sender", "stranger", "failed"]);

function isHopeless(copy: OpenedCopy): boolean {
  return copy.status === "closed" && !passing.has(copy.why);
}

function attachmentOf(message: Message, sealed: SealedAttachment): Attachment {
  const { upload, key, iv, digest, name, type, size, width, height, blur, duration_ms } = sealed;
  return {
    id: upload,
    name,
    kind: kindOf(type),
    media_type: type,
    size,
    // Where its ciphertext lies; empty where the server says that it carries no such file.
    url: message.attachments.find(({ id }) => id === upload)?.url ?? "",
    thumbnail_url: null,
    width: width ?? null,
    height: height ?? null,
    duration_ms: duration_ms ?? null,
    blurhash: blur ?? null,
    sealed: { key, iv, digest },
  };
}

function kindOf(type: string): AttachmentKind {
  if (/^image\/(?:png|jpeg|gif|webp|avif)$/u.test(type)) return "image";
  if (type.startsWith("audio/")) return "audio";
  return type.startsWith("video/") ? "video" : "file";
}

/** By emoji, the people in the order of their ids: of when each reacted nothing is told. */
function reactionsOf(opened: readonly { readonly userId: string; readonly emoji: readonly string[] }[]): readonly Reaction[] {
  const people = new Map<string, string[]>();
  for (const { userId, emoji } of opened.toSorted((one, other) => (one.userId < other.userId ? -1 : 1))) {
    for (const one of new Set(emoji)) people.set(one, [...(people.get(one) ?? []), userId]);
  }
  return [...people].map(([emoji, user_ids]) => ({ emoji, count: user_ids.length, user_ids }));
}
