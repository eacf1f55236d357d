import "./thread.css";
import { LockKeyhole, MessageCircle, TriangleAlert } from "lucide-react";
import { Suspense, useCallback, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { openEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import type { PendingMessage } from "../../model/pending.ts";
import { Button } from "../../ui/Button.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { chatName } from "../../words/names.ts";
import { failureSentence } from "../../words/refusals.ts";
import { ThreadActsProvider, type Asked, type KeyActs, type ThreadActs } from "./acts.ts";
import { ThreadDialog } from "./lazy.ts";
import { KeyBanners } from "./KeyBanners.tsx";
import { MessageList } from "./MessageList.tsx";
import { MessageMenu, type MessageMenuActions, type MessageMenuTarget } from "./MessageMenu.tsx";
import type { EntryRow } from "./MessageRow.tsx";
import { PinnedBar } from "./PinnedBar.tsx";
import { ReactionPicker } from "./ReactionPicker.tsx";
import { clear, createSelection } from "./selection.ts";
import { SelectionBar } from "./SelectionBar.tsx";
import { ThreadHeader } from "./ThreadHeader.tsx";
import { ThreadSkeleton } from "./ThreadSkeleton.tsx";
import { useReadBack } from "./useReadBack.ts";

type ThreadPanelProps = MessageMenuActions & KeyActs & {
  conversation: OwnConversation;
  onBack: () => void;
  onAbout: () => void;
  aboutShown: boolean;
  onSearch: () => void;
  /** What looks for messages here, in the header's place; null while nobody looks for any. */
  search: ReactNode;
  /** The way into the voice channel, in the header. */
  voice: ReactNode;
  /** The call that one is in here, over the messages. */
  call: ReactNode;
  /** Where one writes, at the foot. */
  composer: ReactNode;
  /** The address of a message in the client. */
  messageHref: (messageId: string) => string;
  onOpen: (conversationId: string) => void;
};

const none: readonly PendingMessage[] = [];

/** One conversation to read and to write in. */
export function ThreadPanel(props: ThreadPanelProps) {
  const { conversation, composer, search, call, messageHref, onOpen, onReply, onEdit, ...rest } = props;
  const { onRestore, onCompare, onAskAgain, ...header } = rest;
  const words = useWords();
  const client = useClient();
  const [menu, setMenu] = useState<MessageMenuTarget | null>(null);
  const [reacting, setReacting] = useState<{ message: Message; at: Point } | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [selection] = useState(createSelection);
  const isChoosing = useStore(selection, ({ chosen }) => chosen.size > 0);
  const latest = useLatest({ onOpen, onRestore, onCompare, onAskAgain });
  const onMenu = useCallback((row: EntryRow, at: Point) => setMenu({ row, at }), []);

  const { id } = conversation;
  // Before it is painted: an opened thread knows its unread line.
  useLayoutEffect(() => {
    client.openThread(id);
    return () => client.closeThread(id);
  }, [client, id]);

  const acts = useMemo<ThreadActs>(
    () => ({
      selection,
      onAsk: setAsked,
      onPerson: (userId) => setAsked({ type: "person", userId }),
      onGoTo: (conversationId, messageId) => {
        client.goTo(conversationId, { message_id: messageId });
        if (conversationId !== id) latest.current.onOpen(conversationId);
      },
      onRestore: () => latest.current.onRestore(),
      onCompare: (userId) => latest.current.onCompare(userId),
      onAskAgain: (message) => latest.current.onAskAgain(message),
    }),
    [client, id, latest, selection],
  );
  const stopAsking = useCallback(() => setAsked(null), []);

  return (
    <ThreadActsProvider value={acts}>
      <section className="thread" aria-label={chatName(conversation, words)}>
        {search ?? <ThreadHeader conversation={conversation} {...header} />}
        {call}
        <KeyBanners conversation={conversation} />
        <PinnedBar conversation={conversation} />
        <ThreadBody key={id} conversation={conversation} onMenu={onMenu} />
        <footer className="thread-footer">
          {isChoosing && <SelectionBar conversation={conversation} />}
          {/* It keeps what is being written. */}
          <div className="thread-composer" hidden={isChoosing}>
            {composer}
          </div>
        </footer>
        {menu && (
          <MessageMenu
            key={`${menu.row.key} ${menu.at.x} ${menu.at.y}`}
            conversation={conversation}
            target={menu}
            hrefOf={messageHref}
            onClose={() => setMenu(null)}
            onReply={onReply}
            onEdit={onEdit}
            onMoreEmoji={(message) => setReacting({ message, at: menu.at })}
          />
        )}
        {reacting && <ReactionPicker {...reacting} onClose={() => setReacting(null)} />}
        {asked && (
          <Suspense>
            <ThreadDialog
              conversation={conversation}
              asked={asked}
              onOpen={onOpen}
              onClose={stopAsking}
              onDone={() => {
                stopAsking();
                clear(selection);
              }}
            />
          </Suspense>
        )}
      </section>
    </ThreadActsProvider>
  );
}

/** The latest of what changes at every drawing, for what must stay the same. */
function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
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

  const { isReadingBack, onChosen } = useReadBack(id, thread);

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
        {conversation.encrypted ? (
          <EmptyState
            icon={<LockKeyhole />}
            title={words.encryption.thread.empty}
            text={words.encryption.thread.emptyText}
          >
            <Button onClick={() => void openEncryptionDialog({ type: "explain" })}>{words.encryption.learnMore}</Button>
          </EmptyState>
        ) : (
          <EmptyState icon={<MessageCircle />} title={words.thread.empty} text={words.thread.emptyText} />
        )}
      </div>
    );
  }
  return (
    <MessageList
      conversation={conversation}
      thread={thread}
      pending={pending}
      onMenu={onMenu}
      onChosen={onChosen}
    />
  );
}
