/** Where a message can be forwarded to. */

import type { OwnConversation } from "../../../model/conversation.ts";

/** Those that can be written to and whose name, or whose person's username, has every word of the text, in their order. */
export function chatsFor(
  chats: readonly OwnConversation[],
  text: string,
  nameOf: (chat: OwnConversation) => string,
): readonly OwnConversation[] {
  const wanted = plain(text).split(/\s+/u).filter((word) => word !== "");
  return chats.filter((chat) => {
    if (chat.encrypted || chat.peer?.is_deleted) return false;
    const called = plain(`${nameOf(chat)} ${chat.peer?.username ?? chat.name ?? ""}`);
    return wanted.every((word) => called.includes(word));
  });
}

/** Without accents and capitals, as people type when they search. */
function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
