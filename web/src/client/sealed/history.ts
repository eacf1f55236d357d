/**
 * What was opened on this device, to be found again by what it says.
 *
 * It lies in a database of its own, each text sealed under the key of this device. The index over it is made in memory, at the
 * first search, and kept current from then on.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import MiniSearch from "minisearch";
import { textOf, utf8 } from "../../crypto/bytes.ts";
import type { DeviceSealed, KeyStore } from "../../crypto/key_store.ts";
import { historyName } from "../database.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import { shownMessage } from "../../model/opening.ts";
import type { FoundMessage, Piece } from "../../model/search.ts";

interface Kept {
  readonly messageId: string;
  readonly conversationId: string;
  readonly sealed: DeviceSealed;
}

/** What is sealed of a message: as it was told of, without its ciphertext, and what it says. */
interface Said {
  readonly message: Message;
  readonly text: string;
}

interface HistorySchema extends DBSchema {
  said: { key: string; value: Kept; indexes: { conversationId: string } };
}

const written_after_ms = 500;
const maxFound = 100;
const snippet_chars = { before: 40, all: 200 };

export class History {
  private readonly database: IDBPDatabase<HistorySchema>;
  private readonly keys: Pick<KeyStore, "seal" | "open">;
  /** To be written: null takes away. */
  private readonly due = new Map<string, Said | null>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private index: Promise<Index> | null = null;

  private constructor(database: IDBPDatabase<HistorySchema>, keys: Pick<KeyStore, "seal" | "open">) {
    this.database = database;
    this.keys = keys;
  }

  static async open(accountId: string, keys: Pick<KeyStore, "seal" | "open">): Promise<History> {
    const database = await openDB<HistorySchema>(historyName(accountId), 2, {
      upgrade(created, oldVersion) {
        // It lay there by the ids of copies, which deletions do not name; what is read again comes again.
        if (oldVersion === 1) created.deleteObjectStore("said");
        created.createObjectStore("said", { keyPath: "messageId" }).createIndex("conversationId", "conversationId");
      },
      // Another tab deletes it at sign-out.
      blocking() {
        database.close();
      },
    });
    return new History(database, keys);
  }

  /** A message says this; null: it says nothing any more. */
  put(message: Message, text: string | null): void {
    if (text === "" && message.attachments.length === 0) return;
    const said = text === null ? null : { message: { ...message, content: "", encrypted_reactions: {} }, text };
    this.due.set(message.id, said);
    void this.index?.then((index) => index.put(message.id, said));
    this.timer ??= setTimeout(() => void this.write(), written_after_ms);
  }

  /** The reader has gone from a conversation. */
  async forget(conversationId: string): Promise<void> {
    await this.write();
    const transaction = this.database.transaction("said", "readwrite");
    const keys = await transaction.store.index("conversationId").getAllKeys(conversationId);
    for (const key of keys) void transaction.store.delete(key);
    await transaction.done;
    this.index = null;
  }

  /** The reader is in these conversations, and has gone from all others, whether or not that was heard. */
  async keepOnly(conversationIds: ReadonlySet<string>): Promise<void> {
    // Begun before anything else: what is put from now on, of a conversation that is new, comes after it.
    const transaction = this.database.transaction("said", "readwrite");
    const index = transaction.store.index("conversationId");
    for (let at = await index.openKeyCursor(null, "nextunique"); at !== null; at = await at.continue()) {
      if (conversationIds.has(at.key)) continue;
      for (const key of await index.getAllKeys(at.key)) void transaction.store.delete(key);
      this.index = null;
    }
    await transaction.done;
  }

  /** All words must be there, the last one may be begun; the best first. */
  async search(
    search: string,
    conversationId: string | null,
    conversationOf: (id: string) => OwnConversation | null,
  ): Promise<readonly FoundMessage[]> {
    this.index ??= this.read();
    const index = await this.index;
    return index.find(search, conversationId).flatMap(({ message, text, terms }) => {
      const conversation = conversationOf(message.conversation_id);
      return conversation === null ? [] : [{ message: spoken(message, text), conversation, snippet: snippetOf(text, terms) }];
    });
  }

  async close(): Promise<void> {
    await this.write().catch(() => undefined);
    this.database.close();
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const due = [...this.due];
    this.due.clear();
    // A disk that is full only makes that less is found.
    this.writing = this.writing.then(async () => await this.writeRows(due)).catch(() => undefined);
    await this.writing;
  }

  private async writeRows(due: readonly (readonly [string, Said | null])[]): Promise<void> {
    const rows = await Promise.all(due.map(async ([id, said]) => [id, said && (await this.kept(id, said))] as const));
    const transaction = this.database.transaction("said", "readwrite");
    for (const [id, row] of rows) void (row === null ? transaction.store.delete(id) : transaction.store.put(row));
    await transaction.done;
  }

  private async kept(messageId: string, said: Said): Promise<Kept> {
    const sealed = await this.keys.seal(purposeOf(messageId), utf8(JSON.stringify(said)));
    return { messageId, conversationId: said.message.conversation_id, sealed };
  }

  private async read(): Promise<Index> {
    await this.write();
    const index = new Index();
    for (const { messageId, sealed } of await this.database.getAll("said")) {
      const bytes = await this.keys.open(purposeOf(messageId), sealed);
      const text = bytes && textOf(bytes);
      if (text) index.put(messageId, JSON.parse(text) as Said);
    }
    return index;
  }
}

class Index {
  private readonly said = new Map<string, Said>();
  private readonly words = new MiniSearch<{ readonly id: string; readonly text: string }>({
    fields: ["text"],
    processTerm: (term) => folded(term) || null,
    searchOptions: { combineWith: "AND", prefix: true },
  });

  put(id: string, said: Said | null): void {
    if (this.words.has(id)) this.words.discard(id);
    this.said.delete(id);
    if (said === null) return;
    this.said.set(id, said);
    this.words.add({ id, text: said.text });
  }

  find(search: string, conversationId: string | null): readonly (Said & { readonly terms: readonly string[] })[] {
    const isThere = (id: string): boolean =>
      conversationId === null || this.said.get(id)?.message.conversation_id === conversationId;
    const hits = this.words.search(search, { filter: ({ id }) => isThere(id as string) });
    return hits.slice(0, maxFound).flatMap(({ id, terms }) => {
      const said = this.said.get(id as string);
      return said === undefined ? [] : [{ ...said, terms }];
    });
  }
}

/** Without accents and case, so that a word is found as it is typed in haste. */
function folded(term: string): string {
  return term.normalize("NFKD").replaceAll(/\p{Mark}/gu, "").toLowerCase();
}

function spoken(message: Message, text: string): Message {
  const copyId = message.copy_id ?? "";
  const opened = { status: "open", text, attachments: [], replyTo: null, mentions: [], mentionsAll: false, editNo: 0 } as const;
  const openings = { byCopy: { [copyId]: opened }, reactionsByCopy: {} };
  return shownMessage(message, openings);
}

/** The text around the first hit; the words that were found are hits. */
function snippetOf(text: string, terms: readonly string[]): readonly Piece[] {
  const words = [...text.matchAll(/[\p{Letter}\p{Number}\p{Mark}]+/gu)];
  const hits = words.filter(([word]) => terms.includes(folded(word)));
  const from = Math.max(0, (hits[0]?.index ?? 0) - snippet_chars.before);
  const pieces: Piece[] = from > 0 ? [{ text: "…", hit: false }] : [];
  let at = from;
  const to = Math.min(text.length, from + snippet_chars.all);
  for (const { 0: word, index } of hits) {
    if (index < at || index + word.length > to) continue;
    if (index > at) pieces.push({ text: text.slice(at, index), hit: false });
    pieces.push({ text: word, hit: true });
    at = index + word.length;
  }
  if (at < to) pieces.push({ text: text.slice(at, to), hit: false });
  return to < text.length ? [...pieces, { text: "…", hit: false }] : pieces;
}

function purposeOf(messageId: string): string {
  return `said ${messageId}`;
}

