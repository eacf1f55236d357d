/** The outbox on disk: messages in the order of sending, kept until the server has taken them. */

import type { Delivery, PendingMessage } from "../model/pending.ts";
import type { AccountDatabase, OutboxRecord } from "./database.ts";

export class Queue {
  private readonly database: AccountDatabase;

  constructor(database: AccountDatabase) {
    this.database = database;
  }

  async all(): Promise<readonly OutboxRecord[]> {
    return (await this.database.getAll("outbox")) as OutboxRecord[];
  }

  async add(item: PendingMessage): Promise<void> {
    await this.database.add("outbox", item);
  }

  async setDelivery(clientRef: string, delivery: Delivery): Promise<void> {
    const transaction = this.database.transaction("outbox", "readwrite");
    const item = await transaction.store.index("clientRef").get(clientRef);
    if (item !== undefined) await transaction.store.put({ ...item, delivery });
    await transaction.done;
  }

  async remove(clientRef: string): Promise<void> {
    const transaction = this.database.transaction("outbox", "readwrite");
    const key = await transaction.store.index("clientRef").getKey(clientRef);
    if (key !== undefined) await transaction.store.delete(key);
    await transaction.done;
  }
}
