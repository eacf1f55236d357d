import "./dialogs.css";
import { Check } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";
import { useStore } from "zustand";
import { useAction } from "../../../bindings/action.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { OwnConversation } from "../../../model/conversation.ts";
import type { Message } from "../../../model/message.ts";
import { Avatar } from "../../../ui/Avatar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { SearchField } from "../../../ui/SearchField.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { chatName } from "../../../words/names.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { chatsFor } from "./targets.ts";

type ForwardDialogProps = { messages: readonly Message[]; onClose: () => void; onDone: () => void };

/** As many chats as the server takes at once. */
const most_chats = 20;

/** Asks to which chats messages are to be forwarded; those where something happened last stand first. */
export function ForwardDialog({ messages, onClose, onDone }: ForwardDialogProps) {
  const words = useWords();
  const client = useClient();
  const listId = useId();
  const { action, run } = useAction();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [forwardTo] = useState(() => client.messages.startForwarding(messages));
  const { byId, order } = useStore(client.stores.conversations);
  const chats = order.flatMap((id) => byId[id] ?? []);
  const offered = chatsFor(chats, text, (chat) => chatName(chat, words));
  const texts = words.messages.forwarding;

  const toggle = (id: string) => {
    if (chosen.includes(id)) setChosen(chosen.filter((each) => each !== id));
    else if (chosen.length < most_chats) setChosen([...chosen, id]);
    else showToast(texts.tooMany(most_chats));
  };
  const send = () =>
    run(async () => {
      await forwardTo(chosen);
      const only = chosen.length === 1 ? byId[chosen[0] ?? ""] : undefined;
      showToast(only ? texts.done(chatName(only, words)) : texts.doneMany(chosen.length));
      onDone();
    });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chat = offered[active];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(offered.length - 1, active + step));
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && chosen.length > 0) {
      void send();
    } else if (event.key === "Enter" && chat) {
      event.preventDefault();
      toggle(chat.id);
    }
  };

  return (
    <Dialog
      title={texts.title(messages.length)}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            tone="accent"
            disabled={chosen.length === 0}
            busy={action.status === "running"}
            onClick={() => void send()}
          >
            {chosen.length > 1 ? texts.actTo(chosen.length) : texts.act}
          </Button>
        </>
      }
    >
      {action.status === "refused" && (
        <p className="dialog-refusal" role="alert">
          {sentenceOf(action.error, words)}
        </p>
      )}
      <div className="forward-search">
        <SearchField
          label={texts.search}
          clearLabel={words.clear}
          value={text}
          onChange={(value) => {
            setText(value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          aria-controls={listId}
          aria-activedescendant={offered.length > 0 ? `${listId}-${active}` : undefined}
        />
      </div>
      {offered.length === 0 ? (
        <p className="dialog-note" role="status">
          {chats.length === 0 ? texts.none : texts.nothing}
        </p>
      ) : (
        <div id={listId} className="forward-chats" role="listbox" aria-label={texts.chats} aria-multiselectable>
          {offered.map((chat, index) => (
            <ChatOption
              key={chat.id}
              id={`${listId}-${index}`}
              chat={chat}
              isChosen={chosen.includes(chat.id)}
              isActive={index === active}
              onPress={() => toggle(chat.id)}
            />
          ))}
        </div>
      )}
    </Dialog>
  );
}

type ChatOptionProps = {
  id: string;
  chat: OwnConversation;
  isChosen: boolean;
  isActive: boolean;
  onPress: () => void;
};

function ChatOption({ id, chat, isChosen, isActive, onPress }: ChatOptionProps) {
  const words = useWords();
  const name = chatName(chat, words);
  return (
    <div
      id={id}
      className="forward-chat"
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      data-active={isActive}
      onClick={onPress}
      onKeyDown={(event) => event.key === "Enter" && onPress()}
    >
      <Avatar id={chat.peer?.id ?? chat.id} name={name} picture={chat.peer?.avatar ?? chat.picture} />
      <span className="forward-chat-text">
        <span className="forward-chat-name">{name}</span>
        <span className="forward-chat-more">
          {chat.kind === "private" ? chat.peer?.username && `@${chat.peer.username}` : words.thread.members(chat.member_count)}
        </span>
      </span>
      <span className="forward-chat-mark" aria-hidden="true">
        {isChosen && <Check />}
      </span>
    </div>
  );
}
