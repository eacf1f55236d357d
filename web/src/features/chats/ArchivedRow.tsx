import { Archive } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { isUnread } from "../../model/keeping.ts";
import { Badge } from "../../ui/Badge.tsx";
import { chatName } from "../../words/names.ts";

type ArchivedRowProps = { archived: readonly OwnConversation[]; onOpen: () => void };

/** Stands over the list for all that is archived. */
export function ArchivedRow({ archived, onOpen }: ArchivedRowProps) {
  const words = useWords();
  const { keep } = words.gathering;
  const unread = archived.filter(isUnread).length;
  return (
    <button type="button" className="chat-row chat-row-small chat-archived" onClick={onOpen}>
      <span className="chat-archived-icon" aria-hidden="true">
        <Archive />
      </span>
      <span className="chat-row-text">
        <span className="chat-row-name">{keep.archived}</span>
        <span className="chat-preview">
          {archived.map((conversation) => chatName(conversation, words)).join(", ")}
        </span>
      </span>
      {unread > 0 && <Badge text={words.number(unread)} label={keep.archivedCount(unread)} tone="quiet" />}
    </button>
  );
}
