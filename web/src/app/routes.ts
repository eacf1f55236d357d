/** The addresses of the screens. */

import { type SettingsPage, settingsPages } from "../features/account/pages.ts";

export const routes = {
  chats: "/",
  directory: "/directory",
  settings: "/settings",
  settingsPage: (page: SettingsPage) => `/settings/${page}`,
  chat: (conversationId: string) => `/c/${conversationId}`,
  about: (conversationId: string) => `/c/${conversationId}/about`,
} as const;

export type Screen =
  | { readonly type: "chats" }
  | { readonly type: "directory" }
  /** `page` is null for the list of the pages. */
  | { readonly type: "settings"; readonly page: SettingsPage | null }
  | { readonly type: "chat"; readonly id: string; readonly about: boolean };

/** The screen of a signed-in person at this path; the chats for every path that is none of ours. */
export function screenAt(path: string): Screen {
  if (path === routes.directory) return { type: "directory" };
  if (path === routes.settings) return { type: "settings", page: null };
  const page = settingsPages.find((each) => path === routes.settingsPage(each));
  if (page !== undefined) return { type: "settings", page };
  const [, id, about] = /^\/c\/([^/]+)(\/about)?$/u.exec(path) ?? [];
  if (id !== undefined) return { type: "chat", id, about: about !== undefined };
  return { type: "chats" };
}
