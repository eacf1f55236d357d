/** Which of the chats are shown: by folder tab, or by what was typed into the search field. */

import type { OwnConversation } from "../../model/conversation.ts";
import { isUnread } from "../../model/keeping.ts";
import { titleOf } from "../../model/titles.ts";

export const folders = ["all", "unread", "rooms", "private"] as const;
export type Folder = (typeof folders)[number];

export function isInFolder(conversation: OwnConversation, folder: Folder): boolean {
  switch (folder) {
    case "all":
      return true;
    case "unread":
      return isUnread(conversation);
    case "rooms":
      return conversation.kind === "room";
    case "private":
      return conversation.kind === "private";
  }
}

/** Every word that was typed begins a word of the title or of a short name; case and accents do not count. */
export function isFoundBy(conversation: OwnConversation, typed: string): boolean {
  const names = [titleOf(conversation), conversation.name ?? "", conversation.peer?.username ?? ""];
  const known = wordsOf(names.join(" "));
  return wordsOf(typed).every((wanted) => known.some((word) => word.startsWith(wanted)));
}

function wordsOf(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{Diacritic}/gu, "").toLocaleLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
