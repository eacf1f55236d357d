/** The addresses of the screens. */

import { type SettingsPage, settingsPages } from "../features/account/pages.ts";

export const routes = {
  chats: "/",
  directory: "/directory",
  settings: "/settings",
  settingsPage: (page: SettingsPage) => `/settings/${page}`,
  chat: (conversationId: string) => `/c/${conversationId}`,
  about: (conversationId: string) => `/c/${conversationId}/about`,
  /** The safety number with somebody in a chat. */
  safety: (conversationId: string, userId: string) => `/c/${conversationId}/about/safety/${userId}`,
  message: (conversationId: string, messageId: string) => `/c/${conversationId}/m/${messageId}`,
} as const;

export type Screen =
  | { readonly type: "chats" }
  | { readonly type: "directory" }
  /** `page` is null for the list of the pages. */
  | { readonly type: "settings"; readonly page: SettingsPage | null }
  | {
      readonly type: "chat";
      readonly id: string;
      readonly about: boolean;
      /** With whom safety numbers are compared beside it. */
      readonly safetyWith: string | null;
      /** Where the thread is to be opened; null: where one left off. */
      readonly messageId: string | null;
    };

/** The screen of a signed-in person at this path; the chats for every path that is none of ours. */
export function screenAt(path: string): Screen {
  if (path === routes.directory) return { type: "directory" };
  if (path === routes.settings) return { type: "settings", page: null };
  const page = settingsPages.find((each) => path === routes.settingsPage(each));
  if (page !== undefined) return { type: "settings", page };
  const [, id, about, safetyWith = null, messageId = null] =
    /^\/c\/([^/]+)(?:(\/about)(?:\/safety\/([^/]+))?|\/m\/([^/]+))?$/u.exec(path) ?? [];
  if (id !== undefined) return { type: "chat", id, about: about !== undefined, safetyWith, messageId };
  return { type: "chats" };
}

/** The token of the invitation whose link leads here; null where it is another page. */
export function invitationAt(path: string): string | null {
  return /^\/invite\/([^/]+)\/?$/u.exec(path)?.[1] ?? null;
}
