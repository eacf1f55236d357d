/** Whom a text mentions, by the rule that the server has for those that it can read. */

import type { User } from "./user.ts";

// What goes on like a word or an address is no mention.
const mention = /(?<![\w@/.+-])@([A-Za-z0-9][\w.]{1,31})(?![\w@])/gu;
const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/gu;

export function mentionsIn(
  text: string,
  users: readonly Pick<User, "id" | "username">[],
): { readonly userIds: readonly string[]; readonly all: boolean } {
  if (!text.includes("@")) return { userIds: [], all: false };
  const names = [...text.replaceAll(code, " ").matchAll(mention)].map(([, name = ""]) => name.toLowerCase());
  // A full stop at the end may be the name's or the sentence's.
  const spellings = names.map((name) => [name, name.replace(/\.+$/u, "")]);
  const ids = spellings.map((both) => users.find(({ username }) => username !== null && both.includes(username.toLowerCase()))?.id);
  return {
    userIds: [...new Set(ids.filter((id) => id !== undefined))],
    all: spellings.some((both) => both.includes("all")),
  };
}
