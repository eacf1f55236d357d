import { Archive, CheckCheck, Compass, MessageCircle, TriangleAlert } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { Button } from "../../ui/Button.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ChatMenu } from "./ChatMenu.tsx";
import { ChatRow } from "./ChatRow.tsx";
import { ChatListSkeleton } from "./ChatListSkeleton.tsx";
import { EndQuestion } from "./EndQuestion.tsx";
import type { ChatsNavigation } from "./ChatsPanel.tsx";
import type { Folder } from "./folders.ts";

type ChatListProps = ChatsNavigation & {
  folder: Folder | "archived";
  isShown: (conversation: OwnConversation) => boolean;
};

export function ChatList({ folder, isShown, ...navigation }: ChatListProps) {
  const words = useWords();
  const client = useClient();
  const { status, byId, order } = useStore(client.stores.conversations);
  const shown = order.filter((id) => byId[id] && isShown(byId[id]));

  if (shown.length > 0) return <ChatRows ids={shown} {...navigation} />;
  if (status === "loading") return <ChatListSkeleton />;
  if (status === "failed") {
    return (
      <EmptyState icon={<TriangleAlert />} title={words.chats.failed}>
        <Button tone="accent" onClick={() => void client.reloadConversations()}>
          {words.tryAgain}
        </Button>
      </EmptyState>
    );
  }
  return <NoChats folder={folder} onDirectory={navigation.onDirectory} />;
}

/** The rows themselves, with arrow keys between them and one menu for whichever is pressed. */
export function ChatRows({ ids, ...navigation }: ChatsNavigation & { ids: readonly string[] }) {
  const words = useWords();
  const client = useClient();
  const [menu, setMenu] = useState<{ id: string; at: Point } | null>(null);
  const [ending, setEnding] = useState<OwnConversation | null>(null);
  const chosen = useStore(client.stores.conversations, (state) => menu && state.byId[menu.id]);

  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links take the keys; they bubble up to here */}
      <ul className="chats-list" role="list" aria-label={words.chats.list} onKeyDown={moveFocus}>
        {ids.map((id) => (
          <ChatRow
            key={id}
            id={id}
            href={navigation.chatHref(id)}
            selected={id === navigation.selectedId}
            onMenu={(at) => setMenu({ id, at })}
          />
        ))}
      </ul>
      {menu && chosen && (
        <ChatMenu
          key={`${menu.at.x} ${menu.at.y}`}
          conversation={chosen}
          at={menu.at}
          onAbout={() => navigation.onAbout(chosen.id)}
          onEnd={() => setEnding(chosen)}
          onClose={() => setMenu(null)}
        />
      )}
      {ending && (
        <EndQuestion
          conversation={ending}
          onClose={() => setEnding(null)}
          onGone={() => navigation.onGone(ending.id)}
        />
      )}
    </>
  );
}

function NoChats({ folder, onDirectory }: { folder: ChatListProps["folder"]; onDirectory: () => void }) {
  const { chats, gathering } = useWords();
  const [icon, title, text] = {
    all: [<MessageCircle key="icon" />, chats.empty, chats.emptyText] as const,
    unread: [<CheckCheck key="icon" />, chats.emptyUnread, chats.emptyUnreadText] as const,
    rooms: [<Compass key="icon" />, chats.emptyRooms, chats.emptyRoomsText] as const,
    private: [<MessageCircle key="icon" />, chats.emptyPrivate, chats.emptyPrivateText] as const,
    archived: [<Archive key="icon" />, gathering.keep.archivedEmpty, gathering.keep.archivedEmptyText] as const,
  }[folder];
  return (
    <EmptyState icon={icon} title={title} text={text}>
      {(folder === "all" || folder === "rooms") && (
        <Button tone="accent" onClick={onDirectory}>
          {chats.browseRooms}
        </Button>
      )}
    </EmptyState>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.altKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("a")];
  const focused = links.findIndex((link) => link === document.activeElement);
  const next = links[focused + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
