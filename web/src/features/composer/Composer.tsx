import "./composer.css";
import { Check, SendHorizontal } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { finePointer, useMedia } from "../../bindings/media.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { ComposingBar } from "./ComposingBar.tsx";
import { lastEditable, type Composing } from "./composing.ts";
import { useTypingAnywhere } from "./useTypingAnywhere.ts";

type ComposerProps = {
  conversationId: string;
  composing: Composing;
  onComposing: (composing: Composing) => void;
};

/** Where one writes. What is written is kept as a draft until it is sent. To be keyed by the conversation. */
export function Composer({ conversationId, composing, onComposing }: ComposerProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const hasKeyboard = useMedia(finePointer);
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState(() => client.draft(conversationId));
  const [changed, setChanged] = useState({ id: "", text: "" });

  const edited = composing.type === "edit" ? composing.message : null;
  const text = edited ? (changed.id === edited.id ? changed.text : edited.content) : draft;
  const isBlank = text.trim() === "";

  useLayoutEffect(() => {
    if (field.current) fitToLines(field.current);
  });
  useTypingAnywhere(field);
  useEffect(() => () => client.finishTyping(conversationId), [client, conversationId]);
  useEffect(() => {
    if (composing.type !== "new" || hasKeyboard) focusAtEnd(field.current);
  }, [composing, hasKeyboard]);

  const write = (value: string) => {
    if (edited) {
      setChanged({ id: edited.id, text: value });
      return;
    }
    setDraft(value);
    client.saveDraft(conversationId, value);
    if (value.trim()) client.startTyping(conversationId);
    else client.finishTyping(conversationId);
  };

  const stop = () => onComposing({ type: "new" });

  const send = async () => {
    if (isBlank) return;
    const replyTo = composing.type === "reply" ? composing.message.id : null;
    setDraft("");
    client.saveDraft(conversationId, "");
    client.finishTyping(conversationId);
    stop();
    field.current?.focus();
    try {
      await client.send(conversationId, text, replyTo);
    } catch (error) {
      setDraft(text);
      client.saveDraft(conversationId, text);
      showToast(sentenceOf(error, words));
    }
  };

  const change = async (message: Composing & { type: "edit" }) => {
    if (isBlank) return;
    stop();
    if (text === message.message.content) return;
    try {
      await client.edit(message.message.id, text);
    } catch (error) {
      onComposing(message);
      showToast(sentenceOf(error, words));
    }
  };

  const submit = () => void (composing.type === "edit" ? change(composing) : send());

  const editLast = () => {
    const thread = client.stores.threads.getState().byConversation[conversationId];
    const message = thread?.status === "open" ? lastEditable(thread.messages, me.id) : undefined;
    if (message) onComposing({ type: "edit", message });
    return message !== undefined;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    // On a phone the keyboard's Enter is the only way to a new line.
    if (event.key === "Enter" && !event.shiftKey && hasKeyboard) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && composing.type !== "new") {
      event.preventDefault();
      stop();
    } else if (event.key === "ArrowUp" && text === "" && composing.type === "new" && editLast()) {
      event.preventDefault();
    }
  };

  return (
    <div className="composer">
      <div className="composer-box">
        {composing.type !== "new" && <ComposingBar composing={composing} onCancel={stop} />}
        <textarea
          ref={field}
          className="composer-field"
          rows={1}
          aria-label={words.composer.message}
          placeholder={words.composer.message}
          enterKeyHint={hasKeyboard ? "send" : "enter"}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <IconButton
        className="composer-send"
        tone="accent"
        label={words.composer.send}
        icon={edited ? <Check /> : <SendHorizontal />}
        disabled={isBlank}
        onPointerDown={(event) => event.preventDefault()}
        onClick={submit}
      />
    </div>
  );
}

/** As high as its lines, up to the limit that the style sheet sets. */
function fitToLines(area: HTMLTextAreaElement): void {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}

function focusAtEnd(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}
