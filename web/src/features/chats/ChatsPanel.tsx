import "./chats.css";
import { ArrowLeft, Compass } from "lucide-react";
import { useState, type ReactNode, type RefObject } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import { isArchived, isUnread } from "../../model/keeping.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { ArchivedRow } from "./ArchivedRow.tsx";
import { ChatList } from "./ChatList.tsx";
import { ChatSearch } from "./ChatSearch.tsx";
import { folders, isInFolder, type Folder } from "./folders.ts";

export type FoundInChats = (text: string, isAlone: boolean) => ReactNode;

export type ChatsNavigation = {
  selectedId: string | null;
  chatHref: (conversationId: string) => string;
  onOpen: (conversationId: string) => void;
  onAbout: (conversationId: string) => void;
  onDirectory: () => void;
  /** The conversation is not one's own any more. */
  onGone: (conversationId: string) => void;
};

type ChatsPanelProps = ChatsNavigation & {
  searchRef: RefObject<HTMLInputElement | null>;
  /** The account's menu, at the head. */
  menu: ReactNode;
  /** What is to be told at the top of the list. */
  notice: ReactNode;
  /** The messages that go by a text; `isAlone`: nothing else does. */
  renderMessages: FoundInChats;
  /** The button that starts a chat, over the foot of the list. */
  newChat: ReactNode;
};

export function ChatsPanel({ searchRef, menu, notice, renderMessages, newChat, ...navigation }: ChatsPanelProps) {
  const words = useWords();
  const client = useClient();
  const now = useNow();
  const { keep } = words.gathering;
  const [search, setSearch] = useState("");
  const [folder, setFolder] = useState<Folder>("all");
  const [isInArchive, setIsInArchive] = useState(false);
  const { byId, order } = useStore(client.stores.conversations);
  const all = order.flatMap((id) => byId[id] ?? []);
  const archived = all.filter((conversation) => isArchived(conversation, now));
  const inList = new Set(all);
  for (const conversation of archived) inList.delete(conversation);

  const countOf = (value: Folder) => {
    const count = [...inList].filter(
      (conversation) => isUnread(conversation) && isInFolder(conversation, value),
    ).length;
    return value !== "all" && count > 0 ? words.number(count) : undefined;
  };

  return (
    <div className="chats">
      <header className="chats-header">
        {menu}
        <SearchField
          ref={searchRef}
          label={words.chats.search}
          clearLabel={words.clear}
          value={search}
          onChange={setSearch}
        />
        <IconButton
          label={words.chats.directory}
          icon={<Compass />}
          onClick={navigation.onDirectory}
        />
      </header>
      {notice}
      {search.trim() ? (
        <ChatSearch text={search.trim()} renderMessages={renderMessages} {...navigation} onDone={() => setSearch("")} />
      ) : isInArchive ? (
        <>
          <div className="chats-archive-header">
            <IconButton label={keep.backToChats} icon={<ArrowLeft />} onClick={() => setIsInArchive(false)} />
            <h2>{keep.archived}</h2>
          </div>
          <ChatList folder="archived" isShown={(conversation) => !inList.has(conversation)} {...navigation} />
        </>
      ) : (
        <Tabs
          label={words.chats.folders}
          tabs={folders.map((value) => ({ value, label: words.chats[value], count: countOf(value) }))}
          value={folder}
          onChange={setFolder}
        >
          {folder === "all" && archived.length > 0 && (
            <div className="chats-archived">
              <ArchivedRow archived={archived} onOpen={() => setIsInArchive(true)} />
            </div>
          )}
          <ChatList
            isShown={(conversation) => inList.has(conversation) && isInFolder(conversation, folder)}
            folder={folder}
            {...navigation}
          />
        </Tabs>
      )}
      <div className="chats-new">{newChat}</div>
    </div>
  );
}
