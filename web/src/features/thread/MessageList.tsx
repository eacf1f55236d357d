import "./message-list.css";
import { useCallback, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { threadRows, type Row } from "../../model/rows.ts";
import { tickOf } from "../../model/ticks.ts";
import { dayLabel } from "../../model/times.ts";
import type { PendingMessage } from "../../model/pending.ts";
import type { OpenThread } from "../../stores/state.ts";
import { isPrepended } from "./arrivals.ts";
import { FloatingDay } from "./FloatingDay.tsx";
import { MessageRow, type MessageRowActions } from "./MessageRow.tsx";
import { moveBetweenMessages } from "./messageKeys.ts";
import { Newer, Older } from "./Edges.tsx";
import { PendingRow } from "./PendingRow.tsx";
import { ToBottom } from "./ToBottom.tsx";
import { useEdges } from "./useEdges.ts";
import { useJump } from "./useJump.ts";
import { usePlace } from "./usePlace.ts";

type MessageListProps = Pick<MessageRowActions, "onMenu"> & {
  conversation: OwnConversation;
  thread: OpenThread;
  pending: readonly PendingMessage[];
  /** A person chose a place in the thread themselves. */
  onChosen: () => void;
};

type Foot = { readonly type: "foot"; readonly key: "foot" };
const none: readonly PendingMessage[] = [];
const foot: Foot = { type: "foot", key: "foot" };

/** The messages of an open thread, as many of them in the page as the eye can see. */
export function MessageList({ conversation, thread, pending, onMenu, onChosen }: MessageListProps) {
  const { words } = useLanguage();
  const client = useClient();
  const me = useMe();
  const listRef = useRef<VirtualizerHandle>(null);
  const scrollerRef = useRef<HTMLDivElement>(null);

  const { messages, unreadAfter } = thread;
  const isLatest = thread.newer.status === "end";
  // What is on its way out belongs after the newest message, which may not be loaded.
  const outgoing = isLatest ? pending : none;
  const rows = useMemo(
    () => threadRows({ messages, pending: outgoing, me: me.id, unreadAfter }),
    [messages, outgoing, me.id, unreadAfter],
  );
  const [shown, setShown] = useState({ rows, shift: false });
  if (shown.rows !== rows) setShown({ rows, shift: isPrepended(shown.rows, rows) });

  const onSeen = useCallback(
    (seq: number) => client.markRead(conversation.id, seq),
    [client, conversation.id],
  );
  const place = usePlace({ listRef, rows, unreadAfter, isLatest, onSeen, onChosen });
  const jump = useJump({ conversationId: conversation.id, listRef, rows, onLeave: place.onLeave });

  const loadWhenNear = useEdges(listRef, conversation.id, thread);
  const toLatest = async () => {
    place.onMoved();
    if (!isLatest) await client.loadLatest(conversation.id);
    place.glideToEnd();
  };

  const items: readonly (Row | Foot)[] = useMemo(() => [...rows, foot], [rows]);
  return (
    <div className="messages">
      <Older older={thread.older} onRetry={() => void client.loadOlder(conversation.id)} />
      <FloatingDay listRef={listRef} scrollerRef={scrollerRef} rows={rows} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its articles take the keys; they bubble up to here */}
      <div
        ref={scrollerRef}
        className="messages-scroll"
        role="log"
        aria-label={words.thread.messages}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
        tabIndex={0}
        onKeyDown={(event) => {
          place.onMoved();
          moveBetweenMessages(event);
        }}
        onPointerDown={place.onMoved}
        onWheel={place.onMoved}
        onTouchMove={place.onMoved}
      >
        <div className="messages-push" />
        <Virtualizer
          ref={listRef}
          scrollRef={scrollerRef}
          data={items}
          shift={shown.shift}
          bufferSize={400}
          onResize={place.onResize}
          onScroll={() => {
            place.look();
            loadWhenNear();
          }}
        >
          {(item) => {
            switch (item.type) {
              case "foot":
                return <div key={item.key} className="messages-foot" />;
              case "day":
                return <DayLine key={item.key} at={item.at} />;
              case "unread":
                return (
                  <p key={item.key} className="messages-unread">
                    {words.thread.unreadLine}
                  </p>
                );
              case "pending":
                return <PendingRow key={item.key} row={item} onMenu={onMenu} onJump={jump.toMessage} />;
              case "message":
                return (
                  <MessageRow
                    key={item.key}
                    row={item}
                    kind={conversation.kind}
                    tick={item.own ? tickOf(item.message, conversation) : null}
                    flashing={jump.litId === item.message.id}
                    onMenu={onMenu}
                    onJump={jump.toMessage}
                  />
                );
            }
          }}
        </Virtualizer>
      </div>
      <Newer newer={thread.newer} onRetry={() => void client.loadNewer(conversation.id)} />
      {(place.isFar || !isLatest) && (
        <ToBottom unread={conversation.unread} onPress={() => void toLatest().catch(() => undefined)} />
      )}
    </div>
  );
}

function DayLine({ at }: { at: string }) {
  const { locale } = useLanguage();
  const now = useNow();
  return (
    <p className="messages-day">
      <time dateTime={at.slice(0, 10)}>{dayLabel(at, now, locale)}</time>
    </p>
  );
}
