import { BellOff, Ellipsis, Hash, Lock, Pin, Users } from "lucide-react";
import { memo } from "react";
import { Link } from "wouter";
import { useStore } from "zustand";
import { useClient, useConversation, useIsOnline } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import { isMuted } from "../../model/keeping.ts";
import { chatTime } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Badge } from "../../ui/Badge.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { useLongPress } from "../../ui/useLongPress.ts";
import { chatName } from "../../words/names.ts";
import { VoiceMark } from "../voice/VoiceMark.tsx";
import { ChatPreview, ChatTick } from "./ChatPreview.tsx";

type ChatRowProps = {
  id: string;
  href: string;
  selected: boolean;
  onMenu: (at: Point) => void;
};

export const ChatRow = memo(
  function ChatRow({ id, href, selected, onMenu }: ChatRowProps) {
    const { words, locale } = useLanguage();
    const client = useClient();
    const now = useNow();
    const conversation = useConversation(id);
    const pending = useStore(client.stores.outbox, (state) => state.byConversation[id]?.at(-1));
    const online = useIsOnline(conversation?.peer?.id);
    const longPress = useLongPress(onMenu);
    if (!conversation) return null;

    const { keep } = words.gathering;
    const { preferences, mentions, unread } = conversation;
    const muted = isMuted(preferences, now);
    const title = chatName(conversation, words);
    const at = pending ? new Date(pending.queuedAt).toISOString() : conversation.last_activity_at;
    return (
      <li aria-label={title} className="chat-item">
        <Link
          href={href}
          className={selected ? "chat-row chat-row-selected" : "chat-row"}
          aria-current={selected ? "page" : undefined}
          draggable={false}
          onContextMenu={(event) => {
            event.preventDefault();
            onMenu({ x: event.clientX, y: event.clientY });
          }}
          {...longPress}
        >
          <Avatar
            id={conversation.peer?.id ?? id}
            name={title}
            picture={conversation.peer ? conversation.peer.avatar : conversation.picture}
            deleted={conversation.peer?.is_deleted ?? false}
            size="large"
            online={online}
          />
          <span className="chat-row-text">
            <span className="chat-row-line">
              <span className="chat-row-title">
                <span className="chat-row-name">{title}</span>
                {conversation.encrypted && (
                  <Lock className="chat-lock" role="img" aria-label={words.encryption.label} />
                )}
                {conversation.kind === "room" && <Hash aria-hidden="true" />}
                {conversation.kind === "group" && <Users aria-hidden="true" />}
                {muted && <BellOff role="img" aria-label={keep.muted} />}
              </span>
              <ChatTick conversation={conversation} pending={pending} />
              <time className="chat-row-time" dateTime={at}>
                {chatTime(at, now, locale)}
              </time>
            </span>
            <span className="chat-row-line">
              <ChatPreview
                conversation={conversation}
                pending={pending}
                draft={selected ? "" : client.draft(id)}
              />
              <VoiceMark conversationId={id} />
              {preferences.pinned_at !== null && unread === 0 && !preferences.marked_unread && (
                <Pin className="chat-pin" role="img" aria-label={keep.pinned} />
              )}
              {mentions > 0 && <Badge text="@" label={keep.mentioned(mentions)} />}
              {unread > 0 && (
                <Badge
                  text={words.number(unread)}
                  label={words.chats.unreadCount(unread)}
                  tone={muted ? "quiet" : "accent"}
                />
              )}
              {unread === 0 && preferences.marked_unread && (
                <Badge text="" label={keep.markedUnread} tone={muted ? "quiet" : "accent"} />
              )}
            </span>
          </span>
        </Link>
        <IconButton
          className="chat-more"
          label={keep.actions(title)}
          icon={<Ellipsis />}
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            onMenu({ x: box.left, y: box.bottom });
          }}
        />
      </li>
    );
  },
  (before, after) =>
    before.id === after.id && before.selected === after.selected && before.href === after.href,
);
