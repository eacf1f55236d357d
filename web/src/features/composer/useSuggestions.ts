import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import type { User } from "../../model/user.ts";
import { type Emoji, emojiFor, emojiIn, inTone } from "../../ui/emoji_data.ts";
import { chosenTone } from "../../ui/emoji_memory.ts";
import { type Begun, begunAt, peopleFor } from "./completion.ts";

/** `insert` takes the place of what was typed. */
export type Suggestion =
  | { readonly type: "person"; readonly insert: string; readonly id: string; readonly name: string; readonly picture: string | null }
  | { readonly type: "everyone" | "emoji"; readonly insert: string; readonly name: string };

const most = 30;
const most_emoji = 8;
/** A room with more is not read as a whole; those who have spoken lately are offered. */
const most_members = 500;

/** What the name before the caret may become, and where it begins; none while nothing is begun there. */
export function useSuggestions(conversation: OwnConversation | undefined, text: string, caret: number | null) {
  const begun = caret === null ? null : begunAt(text, caret);
  const people = usePeople(conversation, begun?.type === "mention");
  const emoji = useEmoji(begun?.type === "emoji");
  const { words } = useLanguage();
  const everyone = words.composing.everyone;
  const mayCallAll = conversation !== undefined && conversation.kind !== "private" && (conversation.kind === "group" || conversation.role !== "member");
  const suggestions = useMemo(
    () => suggestionsFor(begun, { people, emoji, everyone: mayCallAll ? everyone : null }),
    // oxlint-disable-next-line react/exhaustive-deps -- what is begun is made anew each time, of these two
    [begun?.type, begun?.text, people, emoji, mayCallAll, everyone],
  );
  return { from: begun?.from ?? 0, suggestions };
}

type Sources = { readonly people: readonly User[]; readonly emoji: readonly Emoji[]; readonly everyone: string | null };

function suggestionsFor(begun: Begun | null, { people, emoji, everyone }: Sources): readonly Suggestion[] {
  if (begun === null) return [];
  if (begun.type === "emoji") {
    const tone = chosenTone();
    const found = emojiFor(emoji, begun.text).slice(0, most_emoji);
    return found.map((each) => ({ type: "emoji", insert: inTone(each, tone), name: each.name }));
  }
  const found = peopleFor(people, begun.text).slice(0, most);
  const offered = found.map((person): Suggestion => ({
    type: "person",
    insert: `@${person.username}`,
    id: person.id,
    name: person.display_name,
    picture: person.avatar,
  }));
  const isAll = everyone !== null && "all".startsWith(begun.text.toLowerCase());
  return isAll ? [...offered, { type: "everyone", insert: "@all", name: everyone }] : offered;
}

const nobody: readonly User[] = [];
const noUsers: Readonly<Record<string, User>> = {};

function usePeople(conversation: OwnConversation | undefined, isWanted: boolean): readonly User[] {
  const client = useClient();
  const me = useMe();
  const id = conversation?.id ?? "";
  const isShared = conversation !== undefined && conversation.kind !== "private";
  const isSmall = isShared && conversation.member_count <= most_members;
  useEffect(() => {
    if (!isWanted || !isSmall) return;
    if (client.stores.memberships.getState().byConversation[id]?.status === "ready") return;
    // Unread, those who have spoken are offered.
    void client.loadMembers(id).catch(() => undefined);
  }, [client, id, isWanted, isSmall]);

  // Not looked at while nobody is wanted, so that writing is not disturbed by what others say.
  const members = useStore(client.stores.memberships, (state) => (isWanted ? state.byConversation[id] : undefined));
  const users = useStore(client.stores.users, (state) => (isWanted ? state.byId : noUsers));
  const thread = useStore(client.stores.threads, (state) => (isWanted ? state.byConversation[id] : undefined));
  return useMemo(() => {
    if (!isWanted || !isShared) return nobody;
    const ids =
      members?.status === "ready"
        ? members.members.flatMap((member) => (member.left ? [] : [member.user_id]))
        : thread?.status === "open"
          ? [...new Set(thread.messages.map((message) => message.sender))]
          : [];
    return ids.flatMap((each) => {
      const user = users[each];
      return user && each !== me.id && !user.is_deleted ? [user] : [];
    });
  }, [isWanted, isShared, members, users, thread, me.id]);
}

const noEmoji: readonly Emoji[] = [];

function useEmoji(isWanted: boolean): readonly Emoji[] {
  const { locale } = useLanguage();
  const [all, setAll] = useState(noEmoji);
  useEffect(() => {
    if (isWanted) emojiIn(locale).then(setAll, () => undefined);
  }, [isWanted, locale]);
  return all;
}
