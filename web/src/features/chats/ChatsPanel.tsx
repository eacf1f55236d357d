import "./chats.css";
import { Compass } from "lucide-react";
import { useState, type ReactNode, type RefObject } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { ChatList } from "./ChatList.tsx";
import { ChatSearch } from "./ChatSearch.tsx";
import { folders, isInFolder, type Folder } from "./folders.ts";

export type ChatsNavigation = {
  selectedId: string | null;
  chatHref: (conversationId: string) => string;
  onOpen: (conversationId: string) => void;
  onAbout: (conversationId: string) => void;
  onDirectory: () => void;
};

type ChatsPanelProps = ChatsNavigation & {
  searchRef: RefObject<HTMLInputElement | null>;
  /** The account's menu, at the head. */
  menu: ReactNode;
  /** What is to be told at the top of the list. */
  notice: ReactNode;
  /** The button that starts a chat, over the foot of the list. */
  newChat: ReactNode;
};

export function ChatsPanel({ searchRef, menu, notice, newChat, ...navigation }: ChatsPanelProps) {
  const words = useWords();
  const client = useClient();
  const [search, setSearch] = useState("");
  const [folder, setFolder] = useState<Folder>("all");
  const unreadChats = useStore(
    client.stores.conversations,
    (state) => state.order.filter((id) => (state.byId[id]?.unread ?? 0) > 0).length,
  );

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
        <ChatSearch text={search.trim()} {...navigation} onDone={() => setSearch("")} />
      ) : (
        <Tabs
          label={words.chats.folders}
          tabs={folders.map((value) => ({
            value,
            label: words.chats[value],
            count: value === "unread" && unreadChats > 0 ? words.number(unreadChats) : undefined,
          }))}
          value={folder}
          onChange={setFolder}
        >
          <ChatList
            isShown={(conversation) => isInFolder(conversation, folder)}
            folder={folder}
            {...navigation}
          />
        </Tabs>
      )}
      <div className="chats-new">{newChat}</div>
    </div>
  );
}
