/**
 * The outbox on disk: messages in the order of sending, kept until the server has taken them. What goes into encrypted
 * conversations lies there sealed, see `sealed/records.ts`.
 */

import type { Delivery, PendingFile, PendingMessage } from "../model/pending.ts";
import type { AccountDatabase, OutboxRecord } from "./database.ts";
import type { Records, SealedRecord } from "./sealed/records.ts";

/** What messages did not have yet when an earlier client wrote them down. */
const missing = { files: [], poll: null, silent: false } as const;

export class Queue {
  private readonly database: AccountDatabase;
  /** Rejects with ApiError where nothing can be sealed or opened now. */
  private readonly records: () => Promise<Records>;

  constructor(database: AccountDatabase, records: () => Promise<Records>) {
    this.database = database;
    this.records = records;
  }

  /** Those that cannot be opened now, or any more, are left out. */
  async all(): Promise<readonly PendingMessage[]> {
    const records = await this.database.getAll("outbox");
    const items = await Promise.all(records.map(async (record) => await this.opened(record)));
    return items.filter((item) => item !== null);
  }

  async get(clientRef: string): Promise<PendingMessage | null> {
    const record = await this.database.getFromIndex("outbox", "clientRef", clientRef);
    return record === undefined ? null : await this.opened(record);
  }

  /** With everything that goes up in the form in which it does. */
  async prepared(item: PendingMessage): Promise<PendingMessage> {
    return item.encrypted ? await (await this.records()).prepared(item) : item;
  }

  async add(item: PendingMessage): Promise<void> {
    await this.database.add("outbox", item.encrypted ? await (await this.records()).record(item) : item);
  }

  async setDelivery(clientRef: string, delivery: Delivery): Promise<void> {
    await this.change(clientRef, (item) => ({ ...item, delivery }));
  }

  async changeFile(clientRef: string, fileRef: string, change: Partial<PendingFile>): Promise<void> {
    await this.change(clientRef, (item) => ({
      ...item,
      files: item.files.map((file) => (file.ref === fileRef ? changed(file, change) : file)),
    }));
  }

  /** A file was chosen again; answers what of it goes up. */
  async replaceFile(clientRef: string, file: PendingFile, content: Blob): Promise<Blob> {
    const item = file.sealed === undefined ? null : await this.get(clientRef);
    if (item === null) return content;
    const records = await this.records();
    const replaced: PendingFile = { ...(await records.sealed(file, content)), upload: null };
    const record = await records.record({
      ...item,
      files: item.files.map((each) => (each.ref === file.ref ? replaced : each)),
    });
    const sealed = replaced.sealed?.content ?? null;
    // It was too large to be kept, and is so still: the tab holds it.
    await this.change(clientRef, () => ({ ...record, files: record.files.map((each) => (each.ref === file.ref ? changed(each, { content: null }) : each)) }));
    return sealed ?? content;
  }

  async remove(clientRef: string): Promise<void> {
    const transaction = this.database.transaction("outbox", "readwrite");
    const record = await transaction.store.index("clientRef").get(clientRef);
    if (record?.position !== undefined) await transaction.store.delete(record.position);
    await transaction.done;
    if (record?.secret !== undefined) (await this.records().catch(() => null))?.forget(record);
  }

  private async opened({ position: _position, ...record }: OutboxRecord): Promise<PendingMessage | null> {
    if (record.secret === undefined) return { ...missing, ...record };
    const records = await this.records().catch(() => null);
    return (await records?.opened(record)) ?? null;
  }

  private async change(clientRef: string, next: (item: SealedRecord) => SealedRecord): Promise<void> {
    const transaction = this.database.transaction("outbox", "readwrite");
    const item = await transaction.store.index("clientRef").get(clientRef);
    if (item !== undefined) await transaction.store.put({ ...next(item), ...positionOf(item) });
    await transaction.done;
  }
}

/** What is not kept any more is not kept sealed either. */
function changed(file: PendingFile, change: Partial<PendingFile>): PendingFile {
  const next = { ...file, ...change };
  return change.content === null && file.sealed !== undefined ? { ...next, sealed: { ...file.sealed, content: null } } : next;
}

function positionOf({ position }: { readonly position?: number }): { readonly position?: number } {
  return position === undefined ? {} : { position };
}
