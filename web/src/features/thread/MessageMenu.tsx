import { Copy, Pencil, Reply, RotateCcw, Trash2 } from "lucide-react";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import { ContextMenu, type Point } from "../../ui/ContextMenu.tsx";
import { MenuItem } from "../../ui/Menu.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";
import type { EntryRow } from "./MessageRow.tsx";

export type MessageMenuTarget = { readonly row: EntryRow; readonly at: Point };

export type MessageMenuActions = {
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
};

type MessageMenuProps = MessageMenuActions & {
  conversation: OwnConversation;
  target: MessageMenuTarget;
  onClose: () => void;
  /** Somebody else's words are to be taken away: that is asked about first. */
  onAskDelete: (message: Message) => void;
};

/** What can be done with the message that was pressed. */
export function MessageMenu(props: MessageMenuProps) {
  const { conversation, target, onClose, onReply, onEdit, onAskDelete } = props;
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const { row, at } = target;

  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      showToast(words.thread.copied);
    } catch {
      showToast(words.thread.copyFailed);
    }
  };
  const remove = async (message: Message) => {
    try {
      await client.remove(message.id);
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };

  if (row.type === "pending") {
    const { clientRef, content, delivery } = row.pending;
    return (
      <ContextMenu at={at} onClose={onClose}>
        {delivery.status === "refused" && (
          <MenuItem icon={<RotateCcw />} onSelect={() => void client.retry(clientRef)}>
            {words.thread.retry}
          </MenuItem>
        )}
        <MenuItem icon={<Copy />} onSelect={() => void copy(content)}>
          {words.thread.copy}
        </MenuItem>
        <MenuItem icon={<Trash2 />} tone="danger" onSelect={() => void client.discard(clientRef)}>
          {words.thread.discard}
        </MenuItem>
      </ContextMenu>
    );
  }

  const { message } = row;
  const own = message.sender === me.id;
  const mayDelete = own || (conversation.kind !== "private" && conversation.role !== "member");
  return (
    <ContextMenu at={at} onClose={onClose}>
      <MenuItem icon={<Reply />} onSelect={() => onReply(message)}>
        {words.thread.reply}
      </MenuItem>
      {own && (
        <MenuItem icon={<Pencil />} onSelect={() => onEdit(message)}>
          {words.thread.edit}
        </MenuItem>
      )}
      <MenuItem icon={<Copy />} onSelect={() => void copy(message.content)}>
        {words.thread.copy}
      </MenuItem>
      {mayDelete && (
        <MenuItem
          icon={<Trash2 />}
          tone="danger"
          onSelect={() => (own ? void remove(message) : onAskDelete(message))}
        >
          {words.thread.delete}
        </MenuItem>
      )}
    </ContextMenu>
  );
}
