import "./message-menu.css";
import {
  CheckCheck,
  CircleCheckBig,
  Copy,
  Forward,
  History,
  Link,
  Pencil,
  Pin,
  PinOff,
  Reply,
  RotateCcw,
  SmilePlus,
  Star,
  StarOff,
  Trash2,
} from "lucide-react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import { isReadable } from "../../model/opening.ts";
import type { PendingMessage } from "../../model/pending.ts";
import { mayDelete, mayEdit, mayForward, mayPin } from "../../model/rights.ts";
import { hasReacted } from "../../model/wishes.ts";
import { ContextMenu, type Point } from "../../ui/ContextMenu.tsx";
import { MenuItem } from "../../ui/Menu.tsx";
import { useThreadActs } from "./acts.ts";
import type { EntryRow } from "./MessageRow.tsx";
import { QuickReactions } from "./QuickReactions.tsx";
import { toggle } from "./selection.ts";
import { useCopy } from "./useCopy.ts";
import { useShown } from "./useShown.ts";
import { useTry } from "./useTry.ts";

export type MessageMenuTarget = { readonly row: EntryRow; readonly at: Point };

export type MessageMenuActions = {
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
};

type MessageMenuProps = MessageMenuActions & {
  conversation: OwnConversation;
  target: MessageMenuTarget;
  /** The address of a message in the client. */
  hrefOf: (messageId: string) => string;
  onClose: () => void;
  /** All emoji are wanted to choose one to react with. */
  onMoreEmoji: (message: Message) => void;
};

/** What can be done with the message that was pressed. */
export function MessageMenu({ target, ...props }: MessageMenuProps) {
  const { row, at } = target;
  return (
    <ContextMenu at={at} onClose={props.onClose}>
      {row.type === "pending" ? (
        <PendingItems pending={row.pending} />
      ) : (
        <StoredItems {...props} stored={row.message} />
      )}
    </ContextMenu>
  );
}

function PendingItems({ pending }: { pending: PendingMessage }) {
  const { thread } = useWords();
  const client = useClient();
  const copy = useCopy();
  const { clientRef, content, delivery } = pending;
  return (
    <>
      {delivery.status === "refused" && (
        <MenuItem icon={<RotateCcw />} onSelect={() => void client.retry(clientRef)}>
          {thread.retry}
        </MenuItem>
      )}
      <MenuItem
        icon={<Copy />}
        onSelect={() => void copy(content, { done: thread.copied, failed: thread.copyFailed })}
      >
        {thread.copy}
      </MenuItem>
      <MenuItem icon={<Trash2 />} tone="danger" onSelect={() => void client.discard(clientRef)}>
        {thread.discard}
      </MenuItem>
    </>
  );
}

type StoredItemsProps = Omit<MessageMenuProps, "target" | "onClose"> & { stored: Message };

function StoredItems({ conversation, stored, hrefOf, onReply, onEdit, onMoreEmoji }: StoredItemsProps) {
  const { thread, messages } = useWords();
  const client = useClient();
  const me = useMe();
  const copy = useCopy();
  const tryTo = useTry();
  const { selection, onAsk } = useThreadActs();
  const message = useShown(stored);
  const isStarred = useStore(client.stores.stars, ({ ids }) => ids.has(message.id));
  const isOwn = message.sender === me.id;
  const isPinned = message.pinned_at !== null;
  const tellsReaders = conversation.kind === "group" && isOwn;
  // Who cannot read here cannot seal anything for the others either.
  const isOpen = isReadable(message);
  const link = new URL(hrefOf(message.id), location.origin).href;
  return (
    <>
      {isOpen && (
        <QuickReactions
          hasReacted={(emoji) => hasReacted(message, emoji, me.id)}
          onReact={(emoji, isWanted) => void tryTo(client.messages.react(stored, emoji, isWanted))}
          onMore={() => onMoreEmoji(stored)}
        />
      )}
      <MenuItem icon={<Reply />} onSelect={() => onReply(stored)}>
        {thread.reply}
      </MenuItem>
      {isOpen && (
        <MenuItem icon={<SmilePlus />} onSelect={() => onMoreEmoji(stored)}>
          {messages.react}
        </MenuItem>
      )}
      {isOpen && mayEdit(message, me.id) && (
        <MenuItem icon={<Pencil />} onSelect={() => onEdit(stored)}>
          {thread.edit}
        </MenuItem>
      )}
      {mayForward(conversation) && (
        <MenuItem icon={<Forward />} onSelect={() => onAsk({ type: "forward", messages: [stored] })}>
          {messages.forward}
        </MenuItem>
      )}
      <MenuItem
        icon={isStarred ? <StarOff /> : <Star />}
        onSelect={() => void tryTo(client.messages.star(message.id, !isStarred))}
      >
        {isStarred ? messages.unstar : messages.star}
      </MenuItem>
      {mayPin(conversation) && (
        <MenuItem
          icon={isPinned ? <PinOff /> : <Pin />}
          onSelect={() => void tryTo(client.messages.pin(message.id, !isPinned))}
        >
          {isPinned ? messages.unpin : messages.pin}
        </MenuItem>
      )}
      {message.content !== "" && (
        <MenuItem
          icon={<Copy />}
          onSelect={() => void copy(message.content, { done: thread.copied, failed: thread.copyFailed })}
        >
          {thread.copy}
        </MenuItem>
      )}
      <MenuItem
        icon={<Link />}
        onSelect={() => void copy(link, { done: messages.linkCopied, failed: messages.linkCopyFailed })}
      >
        {messages.copyLink}
      </MenuItem>
      <MenuItem icon={<CircleCheckBig />} onSelect={() => toggle(selection, stored)}>
        {messages.select}
      </MenuItem>
      {tellsReaders && (
        <MenuItem icon={<CheckCheck />} onSelect={() => onAsk({ type: "readers", message: stored })}>
          {messages.readBy}
        </MenuItem>
      )}
      {isOwn && message.edited && !conversation.encrypted && (
        <MenuItem icon={<History />} onSelect={() => onAsk({ type: "versions", message: stored })}>
          {messages.history}
        </MenuItem>
      )}
      {mayDelete(message, conversation, me.id) && (
        <MenuItem
          icon={<Trash2 />}
          tone="danger"
          onSelect={() => onAsk({ type: "delete", messages: [stored] })}
        >
          {thread.delete}
        </MenuItem>
      )}
    </>
  );
}
