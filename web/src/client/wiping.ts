/**
 * Takes from this browser what an account has left in it, once its session has ended.
 *
 * It is noted before it is begun: a page that closes meanwhile, or one that was closed when the session ended, only puts it off.
 */

import { deleteKeyStore } from "../crypto/key_store.ts";
import { clearSeen, deleteAccountDatabase, deleteHistory } from "./database.ts";
import { clearDrafts, keysIn } from "./drafts.ts";
import type { Environment } from "./environment.ts";
import { clearSealedPlaces } from "./sealed_places.ts";

/**
 * What was seen goes in any case. What is on its way out, the drafts and the keys that these are sealed with go only when the
 * person asked to be signed out: they outlive a session that ended otherwise.
 */
export type Extent = "seen" | "all";

const prefix = "tertulia.wipe.";

export class Wiping {
  private readonly environment: Pick<Environment, "storage" | "exclusively">;

  constructor(environment: Pick<Environment, "storage" | "exclusively">) {
    this.environment = environment;
  }

  note(accountId: string, extent: Extent): void {
    const { storage } = this.environment;
    // What the person asked for stays asked for, whatever else ends the session meanwhile.
    if (extent === "seen" && storage.getItem(prefix + accountId) !== null) return;
    try {
      storage.setItem(prefix + accountId, extent);
    } catch {
      // The disk is full: it is wiped all the same, unless the page closes meanwhile.
    }
  }

  /** Does what is noted of an account, or else what is asked for; rejects where the browser fails, and then it stays noted. */
  async finish(accountId: string, asked: Extent | null = null): Promise<void> {
    const { storage, exclusively } = this.environment;
    const noted = () => storage.getItem(prefix + accountId) ?? asked;
    if (noted() === null) return;
    // Another tab may be at it, and whoever comes in next waits until it is done.
    await exclusively(prefix + accountId, async () => {
      const extent = noted();
      if (extent === null) return;
      await (extent === "all" ? this.wipeAll(accountId) : wipeSeen(accountId));
      storage.removeItem(prefix + accountId);
    });
  }

  /** Does all that is noted. Never rejects: what fails is tried again at the next start. */
  async finishAll(): Promise<void> {
    const keys = keysIn(this.environment.storage, prefix);
    await Promise.allSettled(keys.map(async (key) => await this.finish(key.slice(prefix.length))));
  }

  private async wipeAll(accountId: string): Promise<void> {
    const { storage } = this.environment;
    clearDrafts(storage, accountId);
    clearSealedPlaces(storage, accountId);
    await Promise.all([deleteHistory(accountId), deleteKeyStore(accountId), deleteAccountDatabase(accountId)]);
  }
}

async function wipeSeen(accountId: string): Promise<void> {
  await Promise.all([clearSeen(accountId), deleteHistory(accountId)]);
}
