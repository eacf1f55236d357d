/** What people and chats are called, in the reader's language where an account is gone. */

import type { OwnConversation } from "../model/conversation.ts";
import { titleOf } from "../model/titles.ts";
import type { User } from "../model/user.ts";
import type { Words } from "./english.ts";

export function nameOf(person: Pick<User, "display_name" | "is_deleted"> | undefined, words: Words): string {
  if (person === undefined) return words.someone;
  return person.is_deleted ? words.deletedAccount : person.display_name;
}

export function chatName(conversation: Pick<OwnConversation, "alias" | "name" | "peer">, words: Words): string {
  return conversation.peer?.is_deleted ? words.deletedAccount : titleOf(conversation) || words.unnamedGroup;
}
