/** Of what somebody is notified; the server goes by the same rules for what it pushes. */

import type { Kind, Notify, OwnConversation } from "./conversation.ts";
import { isMuted } from "./keeping.ts";
import { isMentioned, type Message } from "./message.ts";

/** What holds where a chat's own preferences say nothing. */
export interface NoticeSettings {
  readonly notify_private: Notify;
  readonly notify_groups: Notify;
  readonly notify_rooms: Notify;
  /** False: notices say that there is a message, and not what it says. */
  readonly shows_text: boolean;
  readonly has_sound: boolean;
  /** Hours of absence after which a mail tells of what was missed; null: none does. */
  readonly digest_after_h: number | null;
}

/** Where, and how sealed, a browser takes pushes (Push API). */
export interface PushKeys {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export const usualNoticeSettings: NoticeSettings = {
  notify_private: "all",
  notify_groups: "all",
  notify_rooms: "mentions",
  shows_text: true,
  has_sound: true,
  digest_after_h: null,
};

/** Whether somebody is notified of a message that has just come. */
export function isNoticed(
  message: Message,
  { kind, preferences }: Pick<OwnConversation, "kind" | "preferences">,
  settings: NoticeSettings,
  reader: { readonly id: string; readonly now_ms: number },
): boolean {
  if (message.sender === reader.id || message.silent || message.is_deleted) return false;
  if (isMuted(preferences, new Date(reader.now_ms))) return false;
  const notify = preferences.notify ?? usual(kind, settings);
  return notify === "all" || (notify === "mentions" && isMentioned(message, reader.id));
}

function usual(kind: Kind, settings: NoticeSettings): Notify {
  switch (kind) {
    case "private":
      return settings.notify_private;
    case "group":
      return settings.notify_groups;
    case "room":
      return settings.notify_rooms;
  }
}
