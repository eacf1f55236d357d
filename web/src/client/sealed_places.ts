/**
 * Which conversations are known to be encrypted. Encryption is for good: a server that says otherwise later is not believed, or
 * what is written next would go to it in the open.
 */

import type { Stores } from "../stores/stores.ts";

export class SealedPlaces {
  private readonly storage: Storage;
  private readonly key: string;
  private readonly stores: Pick<Stores, "conversations" | "opened">;
  private readonly unsubscribe: () => void;

  /** To be made before anything else listens to the conversations, which then finds them as they are. */
  constructor(storage: Storage, accountId: string, stores: Pick<Stores, "conversations" | "opened">) {
    this.storage = storage;
    this.key = keyOf(accountId);
    this.stores = stores;
    stores.opened.setState({ places: new Set(this.read()) });
    this.unsubscribe = stores.conversations.subscribe(() => this.look());
    this.look();
  }

  stop(): void {
    this.unsubscribe();
  }

  private look(): void {
    const { conversations, opened } = this.stores;
    const { places = new Set<string>() } = opened.getState();
    const rows = Object.values(conversations.getState().byId);
    const found = rows.filter(({ id, encrypted }) => encrypted && !places.has(id)).map(({ id }) => id);
    if (found.length > 0) this.keep([...places, ...found]);
    const denied = rows.filter(({ id, encrypted }) => !encrypted && places.has(id));
    if (denied.length === 0) return;
    const kept = Object.fromEntries(denied.map((row) => [row.id, { ...row, encrypted: true }]));
    conversations.setState(({ byId }) => ({ byId: { ...byId, ...kept } }));
  }

  private keep(ids: readonly string[]): void {
    // Another tab may know of more.
    const places = new Set([...this.read(), ...ids]);
    this.stores.opened.setState({ places });
    try {
      this.storage.setItem(this.key, JSON.stringify([...places]));
    } catch {
      // The disk is full: it is known for as long as the page is there.
    }
  }

  private read(): readonly string[] {
    try {
      const ids: unknown = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
    } catch {
      return [];
    }
  }
}

export function clearSealedPlaces(storage: Storage, accountId: string): void {
  storage.removeItem(keyOf(accountId));
}

function keyOf(accountId: string): string {
  return `tertulia.sealed-places.${accountId}`;
}
