/** The lists of members that a view has asked for. */

import { mergeMembers } from "../model/convergence.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { MembersState } from "../stores/state.ts";
import type { Stores } from "../stores/stores.ts";
import type { Catchup } from "./catchup.ts";
import type { Copies } from "./copies.ts";

export class Memberships {
  private readonly store: Stores["memberships"];
  private readonly rest: Pick<Rest, "members">;
  private readonly copies: Copies;
  private readonly catchup: Pick<Catchup, "run">;
  private readonly loading = new Map<string, Promise<void>>();

  constructor(store: Stores["memberships"], rest: Pick<Rest, "members">, copies: Copies, catchup: Pick<Catchup, "run">) {
    this.store = store;
    this.rest = rest;
    this.copies = copies;
    this.catchup = catchup;
  }

  /** Reads all pages, unless they were read before; from then on the list is kept current. Settles when it is there. */
  load(id: string): Promise<void> {
    const running = this.loading.get(id);
    if (running !== undefined) return running;
    // What it puts is heard at once, by some who then ask for the list too: they have to find it being read.
    const loading = Promise.resolve()
      .then(() => this.loadOnce(id))
      .finally(() => this.loading.delete(id));
    this.loading.set(id, loading);
    return loading;
  }

  /** Reads a list that is shown anew, whatever it had before. */
  async reload(id: string): Promise<void> {
    if (this.store.getState().byConversation[id]?.status === "ready") await this.read(id);
  }

  private async loadOnce(id: string): Promise<void> {
    if (this.store.getState().byConversation[id]?.status === "ready") return;
    this.put(id, { status: "loading" });
    try {
      await this.read(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.put(id, { status: "failed", failure: { code: error.code, detail: error.message } });
    }
    await this.catchup.run(id);
  }

  private async read(id: string): Promise<void> {
    // Whatever changes while the pages are read comes after this head, and is asked for by the catch-up.
    const head = this.copies.row(id)?.head_seq ?? 0;
    let page = await this.rest.members(id);
    let members = page.items;
    while (page.page_token !== null) {
      page = await this.rest.members(id, page.page_token);
      members = mergeMembers(members, page.items);
    }
    this.copies.putUsers(members.map((member) => member.user));
    this.put(id, { status: "ready", head, members });
  }

  private put(id: string, members: MembersState): void {
    this.store.setState((state) => ({ byConversation: { ...state.byConversation, [id]: members } }));
  }
}
