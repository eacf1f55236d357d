import { SearchX } from "lucide-react";
import { useCallback } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Avatar } from "../../ui/Avatar.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { showToast } from "../../ui/toasts.ts";
import { useFound } from "../../ui/useFound.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { ChatListSkeleton } from "./ChatListSkeleton.tsx";
import { ChatRows } from "./ChatList.tsx";
import type { ChatsNavigation, FoundInChats } from "./ChatsPanel.tsx";
import { isFoundBy } from "./folders.ts";

type ChatSearchProps = ChatsNavigation & { text: string; renderMessages: FoundInChats; onDone: () => void };

/** What goes by the typed text: own chats at once, then people and rooms as the server finds them. */
export function ChatSearch({ text, renderMessages, onDone, ...navigation }: ChatSearchProps) {
  const words = useWords();
  const client = useClient();
  const { byId, order } = useStore(client.stores.conversations);
  const chats = order.filter((id) => byId[id] && isFoundBy(byId[id], text));
  const find = useCallback(
    (typed: string) =>
      Promise.all([client.searchUsers(typed), client.searchRooms({ search: typed })]),
    [client],
  );
  const found = useFound(find, text);
  const [foundPeople, foundRooms] = found.result ?? [];
  const known = new Set(chats.map((id) => byId[id]?.peer?.id));
  const people = foundPeople?.items.filter((person) => !known.has(person.id)) ?? [];
  const rooms = foundRooms?.items.filter((room) => !room.joined) ?? [];

  const open = async (opening: Promise<string>) => {
    try {
      navigation.onOpen(await opening);
      onDone();
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };

  const isEmpty = chats.length + people.length + rooms.length === 0;
  if (isEmpty && found.status === "searching") return <ChatListSkeleton />;
  if (isEmpty && found.status === "failed") {
    return <EmptyState icon={<SearchX />} title={words.chats.nothingFound} text={words.chats.searchFailed} />;
  }
  return (
    <div className="chats-found">
      {chats.length > 0 && <ChatRows ids={chats} {...navigation} />}
      {people.length > 0 && (
        <section>
          <h2 className="chats-found-title">{words.chats.people}</h2>
          <ul role="list" aria-label={words.chats.people}>
            {people.map((person) => (
              <li key={person.id} aria-label={person.display_name}>
                <button
                  type="button"
                  className="chat-row chat-row-small"
                  onClick={() => void open(client.createPrivate(person.id))}
                >
                  <Avatar id={person.id} name={person.display_name} picture={person.avatar} />
                  <span className="chat-row-text">
                    <span className="chat-row-name">{person.display_name}</span>
                    {person.username && <span className="chat-preview">@{person.username}</span>}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {rooms.length > 0 && (
        <section>
          <h2 className="chats-found-title">{words.chats.openRooms}</h2>
          <ul role="list" aria-label={words.chats.openRooms}>
            {rooms.map((room) => (
              <li key={room.id} aria-label={room.alias ?? room.name ?? ""}>
                <button
                  type="button"
                  className="chat-row chat-row-small"
                  onClick={() => void open(client.joinRoom(room.id).then(() => room.id))}
                >
                  <Avatar id={room.id} name={room.alias ?? room.name ?? ""} picture={room.picture} />
                  <span className="chat-row-text">
                    <span className="chat-row-name">{room.alias ?? room.name}</span>
                    <span className="chat-preview">{words.thread.members(room.member_count)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {renderMessages(text, isEmpty)}
    </div>
  );
}
