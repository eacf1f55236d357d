import { Check, CheckCheck, CircleAlert, Clock, Forward } from "lucide-react";
import { useStore } from "zustand";
import { useClient, useMe, useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useOpened } from "../../bindings/sealed.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { PendingMessage } from "../../model/pending.ts";
import { plainLine } from "../../model/previews.ts";
import { tickOf } from "../../model/ticks.ts";
import { nameOf } from "../../words/names.ts";
import { summaryOf } from "../../words/summaries.ts";

type Latest = { conversation: OwnConversation; pending: PendingMessage | undefined };

/** One line on what happened last: somebody types, a draft waits, or the last message. */
export function ChatPreview({ conversation, pending, draft }: Latest & { draft: string }) {
  const words = useWords();
  const me = useMe();
  const client = useClient();
  const typist = useStore(
    client.stores.typing,
    (state) => state.byConversation[conversation.id]?.[0],
  );
  const typistName = useUser(typist ?? "")?.display_name;
  const last = useOpened(conversation.last_message);
  const sender = useUser(last?.sender ?? "");

  if (typist !== undefined) {
    const isPrivate = conversation.kind === "private" || !typistName;
    return (
      <span className="chat-preview chat-preview-typing">
        {isPrivate ? words.chats.typing : words.chats.typingBy(typistName)}
      </span>
    );
  }
  if (draft.trim()) {
    return (
      <span className="chat-preview">
        <span className="chat-preview-draft">{words.chats.draft}</span> {plainLine(draft)}
      </span>
    );
  }
  if (pending) {
    return (
      <span className="chat-preview">
        {conversation.kind !== "private" && <b>{words.you}: </b>}
        {plainLine(pending.content)}
      </span>
    );
  }
  if (!last) return <span className="chat-preview">{words.chats.created[conversation.kind]}</span>;
  const name = last.sender === me.id ? words.you : sender && nameOf(sender, words);
  return (
    <span className="chat-preview">
      {conversation.kind !== "private" && name && <b>{name}: </b>}
      {last.forwarded_from !== null && !last.is_deleted && (
        <Forward className="chat-forwarded" role="img" aria-label={words.gathering.keep.forwarded} />
      )}
      {summaryOf(last, words)}
    </span>
  );
}

/** How far one's own last message has come; nothing after somebody else's. */
export function ChatTick({ conversation, pending }: Latest) {
  const { thread } = useWords();
  const me = useMe();
  const last = conversation.last_message;
  if (pending?.delivery.status === "refused") {
    return <CircleAlert className="chat-tick chat-tick-refused" role="img" aria-label={thread.failedToSend} />;
  }
  if (pending) return <Clock className="chat-tick" role="img" aria-label={thread.sending} />;
  if (!last || last.sender !== me.id || last.is_deleted) return null;
  return tickOf(last, conversation) === "read" ? (
    <CheckCheck className="chat-tick" role="img" aria-label={thread.read} />
  ) : (
    <Check className="chat-tick" role="img" aria-label={thread.sent} />
  );
}
