/**
 * What was typed and not sent, per conversation, and which message it answers; kept across reloads. Of encrypted conversations
 * it lies in this browser sealed under the key of this device.
 */

import type { Message } from "../model/message.ts";
import type { Locker } from "./seals.ts";

export interface DraftsOptions {
  readonly storage: Storage;
  readonly accountId: string;
  readonly isEncrypted: (conversationId: string) => boolean;
  /** Rejects where nothing can be sealed now. */
  readonly locker: () => Promise<Locker>;
}

interface Draft {
  readonly text: string;
  readonly reply: Message | null;
}

const empty: Draft = { text: "", reply: null };

export class Drafts {
  private readonly options: DraftsOptions;
  private readonly prefix: string;
  private readonly replyPrefix: string;
  private readonly sealedPrefix: string;
  /** Of encrypted conversations. */
  private readonly opened = new Map<string, Draft>();
  private sealing: Promise<void> = Promise.resolve();

  constructor(options: DraftsOptions) {
    this.options = options;
    [this.prefix, this.replyPrefix, this.sealedPrefix] = prefixesOf(options.accountId);
  }

  /** Opens the sealed ones. Never rejects: one that does not open is gone. */
  async restore(): Promise<void> {
    const { storage, locker } = this.options;
    const keys = keysIn(storage, this.sealedPrefix);
    if (keys.length === 0) return;
    const device = await locker().catch(() => null);
    for (const key of keys) {
      const id = key.slice(this.sealedPrefix.length);
      const draft = device && (await openDraft(device, id, storage.getItem(key) ?? ""));
      if (draft && !this.opened.has(id)) this.opened.set(id, draft);
    }
  }

  get(conversationId: string): string {
    const opened = this.opened.get(conversationId);
    if (opened !== undefined || this.options.isEncrypted(conversationId)) return (opened ?? empty).text;
    return this.options.storage.getItem(this.prefix + conversationId) ?? "";
  }

  save(conversationId: string, text: string): void {
    if (this.options.isEncrypted(conversationId)) this.change(conversationId, { text });
    else this.put(this.prefix + conversationId, text);
  }

  /** The message that is being answered there. */
  reply(conversationId: string): Message | null {
    const opened = this.opened.get(conversationId);
    if (opened !== undefined || this.options.isEncrypted(conversationId)) return (opened ?? empty).reply;
    try {
      return JSON.parse(this.options.storage.getItem(this.replyPrefix + conversationId) ?? "null") as Message | null;
    } catch {
      return null;
    }
  }

  saveReply(conversationId: string, message: Message | null): void {
    if (this.options.isEncrypted(conversationId)) this.change(conversationId, { reply: message });
    else this.put(this.replyPrefix + conversationId, message === null ? "" : JSON.stringify(message));
  }

  /** The reader has gone from there. */
  forget(conversationId: string): void {
    this.opened.delete(conversationId);
    for (const prefix of [this.prefix, this.replyPrefix, this.sealedPrefix]) this.put(prefix + conversationId, "");
  }

  clear(): void {
    // One that is still being sealed is not written then.
    this.opened.clear();
    clearDrafts(this.options.storage, this.options.accountId);
  }

  private change(id: string, change: Partial<Draft>): void {
    const draft = { ...(this.opened.get(id) ?? empty), ...change };
    this.opened.set(id, draft);
    // In the order of typing; of several that wait only the last one counts.
    this.sealing = this.sealing.then(async () => await this.putSealed(id, draft));
  }

  private async putSealed(id: string, draft: Draft): Promise<void> {
    if (this.opened.get(id) !== draft) return;
    const isEmpty = draft.text === "" && draft.reply === null;
    const sealed = isEmpty ? "" : await this.sealed(id, draft).catch(() => "");
    if (this.opened.get(id) === draft) this.put(this.sealedPrefix + id, sealed);
  }

  private async sealed(id: string, draft: Draft): Promise<string> {
    const device = await this.options.locker();
    const { iv, ct } = await device.seal(purposeOf(id), new TextEncoder().encode(JSON.stringify(draft)));
    return JSON.stringify({ iv: [...iv], ct: [...ct] });
  }

  private put(key: string, text: string): void {
    const { storage } = this.options;
    try {
      if (text === "") storage.removeItem(key);
      else storage.setItem(key, text);
    } catch {
      // The disk is full: the draft lives as long as the page.
      return;
    }
  }
}

/** All of an account's, which is not open here any more. */
export function clearDrafts(storage: Storage, accountId: string): void {
  for (const prefix of prefixesOf(accountId)) for (const key of keysIn(storage, prefix)) storage.removeItem(key);
}

export function keysIn(storage: Storage, prefix: string): readonly string[] {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  return keys.filter((key) => key !== null).filter((key) => key.startsWith(prefix));
}

/** Of texts, of what they answer, and of what is sealed. */
function prefixesOf(accountId: string): readonly [string, string, string] {
  return [`tertulia.draft.${accountId}.`, `tertulia.reply.${accountId}.`, `tertulia.sealed-draft.${accountId}.`];
}

async function openDraft(device: Locker, id: string, text: string): Promise<Draft | null> {
  try {
    const { iv, ct } = JSON.parse(text) as { iv: number[]; ct: number[] };
    const bytes = await device.open(purposeOf(id), { iv: Uint8Array.from(iv), ct: Uint8Array.from(ct) });
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Draft);
  } catch {
    return null;
  }
}

function purposeOf(conversationId: string): string {
  return `draft ${conversationId}`;
}
