/** How the reader keeps a conversation: muted, pinned, archived, marked as unread. */

import type { Notify, OwnConversation, Preferences } from "./conversation.ts";

/** What shall be otherwise; what is left out stays. */
export interface PreferencesChange {
  /** Null: as one's settings say. */
  readonly notify?: Notify | null;
  /** Null: not muted. */
  readonly muted_until?: string | null;
  readonly pinned?: boolean;
  readonly archived?: boolean;
  readonly marked_unread?: boolean;
}

/** The latest moment that the server knows: muted until the reader says otherwise. */
export const forEver = "9999-01-01T00:00:00.000Z";

export function isMuted({ muted_until }: Preferences, now: Date): boolean {
  return muted_until !== null && Date.parse(muted_until) > now.getTime();
}

/** Whether it is muted without an end. */
export function isMutedForEver({ muted_until }: Preferences): boolean {
  return muted_until !== null && Date.parse(muted_until) >= Date.parse(forEver);
}

/** What is archived comes back when something new is sent, unless it is muted. */
export function isArchived(
  { preferences, last_activity_at }: Pick<OwnConversation, "preferences" | "last_activity_at">,
  now: Date,
): boolean {
  const { archived_at } = preferences;
  if (archived_at === null) return false;
  return isMuted(preferences, now) || Date.parse(archived_at) >= Date.parse(last_activity_at);
}

/** Whether it asks for being read: by what came, or since the reader marked it. */
export function isUnread({ unread, preferences }: Pick<OwnConversation, "unread" | "preferences">): boolean {
  return unread > 0 || preferences.marked_unread;
}

/** What the preferences become, as far as it can be told before the server answers. */
export function afterChange(preferences: Preferences, change: PreferencesChange, now: Date): Preferences {
  const since = (at: string | null, on: boolean | undefined) => {
    if (on === undefined) return at;
    return on ? now.toISOString() : null;
  };
  return {
    notify: change.notify === undefined ? preferences.notify : change.notify,
    muted_until: change.muted_until === undefined ? preferences.muted_until : change.muted_until,
    pinned_at: since(preferences.pinned_at, change.pinned),
    archived_at: since(preferences.archived_at, change.archived),
    marked_unread: change.marked_unread ?? preferences.marked_unread,
  };
}
