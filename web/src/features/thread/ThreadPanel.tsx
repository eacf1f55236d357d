import "./thread.css";
import { MessageCircle, TriangleAlert } from "lucide-react";
import { useCallback, useLayoutEffect, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import type { PendingMessage } from "../../model/pending.ts";
import { Button } from "../../ui/Button.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { chatName } from "../../words/names.ts";
import { failureSentence } from "../../words/refusals.ts";
import { DeleteQuestion } from "./DeleteQuestion.tsx";
import { MessageList } from "./MessageList.tsx";
import { MessageMenu, type MessageMenuActions, type MessageMenuTarget } from "./MessageMenu.tsx";
import type { EntryRow } from "./MessageRow.tsx";
import { ThreadHeader } from "./ThreadHeader.tsx";
import { ThreadSkeleton } from "./ThreadSkeleton.tsx";
import { useReadBack } from "./useReadBack.ts";

type ThreadPanelProps = MessageMenuActions & {
  conversation: OwnConversation;
  onBack: () => void;
  onAbout: () => void;
  aboutShown: boolean;
  /** Where one writes, at the foot. */
  composer: ReactNode;
};

const none: readonly PendingMessage[] = [];

/** One conversation to read and to write in. */
export function ThreadPanel({ conversation, composer, onReply, onEdit, ...header }: ThreadPanelProps) {
  const words = useWords();
  const client = useClient();
  const [menu, setMenu] = useState<MessageMenuTarget | null>(null);
  const [deleting, setDeleting] = useState<Message | null>(null);
  const onMenu = useCallback((row: EntryRow, at: Point) => setMenu({ row, at }), []);

  const { id } = conversation;
  // Before it is painted: an opened thread knows its unread line.
  useLayoutEffect(() => {
    client.openThread(id);
    return () => client.closeThread(id);
  }, [client, id]);

  return (
    <section className="thread" aria-label={chatName(conversation, words)}>
      <ThreadHeader conversation={conversation} {...header} />
      <ThreadBody conversation={conversation} onMenu={onMenu} />
      <footer className="thread-footer">{composer}</footer>
      {menu && (
        <MessageMenu
          key={`${menu.row.key} ${menu.at.x} ${menu.at.y}`}
          conversation={conversation}
          target={menu}
          onClose={() => setMenu(null)}
          onReply={onReply}
          onEdit={onEdit}
          onAskDelete={setDeleting}
        />
      )}
      {deleting && <DeleteQuestion message={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

type ThreadBodyProps = {
  conversation: OwnConversation;
  onMenu: (row: EntryRow, at: Point) => void;
};

function ThreadBody({ conversation, onMenu }: ThreadBodyProps) {
  const words = useWords();
  const client = useClient();
  const { id } = conversation;
  const thread = useStore(client.stores.threads, (state) => state.byConversation[id]);
  const pending = useStore(client.stores.outbox, (state) => state.byConversation[id]) ?? none;

  const isReadingBack = useReadBack(id, thread);

  if (!thread || thread.status === "loading" || isReadingBack) return <ThreadSkeleton />;
  if (thread.status === "failed") {
    return (
      <div className="thread-notice">
        <EmptyState
          icon={<TriangleAlert />}
          title={words.thread.failed}
          text={failureSentence(thread.failure, words)}
        >
          <Button tone="accent" onClick={() => client.openThread(id)}>
            {words.tryAgain}
          </Button>
        </EmptyState>
      </div>
    );
  }
  if (thread.messages.length === 0 && pending.length === 0) {
    return (
      <div className="thread-notice" role="log" aria-label={words.thread.messages}>
        <EmptyState
          icon={<MessageCircle />}
          title={words.thread.empty}
          text={words.thread.emptyText}
        />
      </div>
    );
  }
  return (
    <MessageList
      key={id}
      conversation={conversation}
      thread={thread}
      pending={pending}
      onMenu={onMenu}
    />
  );
}
