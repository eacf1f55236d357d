/** How the reader likes it: kept in this browser, so that it holds before anything is loaded, and in the profile. */

import type { Me, Profile } from "../model/user.ts";
import type { Rest } from "../protocol/rest.ts";
import type { PreferencesState } from "../stores/state.ts";
import type { Stores } from "../stores/stores.ts";

const key = "tertulia.preferences";
const defaults: PreferencesState = { theme: "auto", magnification: 1, hidden: false };

export function savedPreferences(storage: Storage): PreferencesState {
  try {
    return { ...defaults, ...(JSON.parse(storage.getItem(key) ?? "{}") as Partial<PreferencesState>) };
  } catch {
    return defaults;
  }
}

export class Preferences {
  private readonly store: Stores["preferences"];
  private readonly storage: Storage;
  private readonly rest: Pick<Rest, "updateProfile">;

  constructor(store: Stores["preferences"], storage: Storage, rest: Pick<Rest, "updateProfile">) {
    this.store = store;
    this.storage = storage;
    this.rest = rest;
  }

  /** The profile wins over what this browser had. */
  adopt({ theme, magnification, hidden }: Pick<Me, "theme" | "magnification" | "hidden">): void {
    this.keep({ theme, magnification, hidden });
  }

  /** Holds here at once; `isSignedIn` says whether there is a profile to tell. */
  change(edit: Partial<PreferencesState>, isSignedIn: boolean): void {
    this.keep(edit);
    // Unheard, it still holds in this browser until the profile is read again.
    if (isSignedIn) void this.rest.updateProfile(edit satisfies Partial<Profile>).catch(() => undefined);
  }

  private keep(edit: Partial<PreferencesState>): void {
    this.store.setState(edit);
    this.storage.setItem(key, JSON.stringify(this.store.getState()));
  }
}
