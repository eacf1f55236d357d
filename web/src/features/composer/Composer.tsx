import "./composer.css";
import { CalendarClock } from "lucide-react";
import { Suspense, useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useClient, useConversation, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { finePointer, useMedia } from "../../bindings/media.ts";
import { useOpened } from "../../bindings/sealed.ts";
import type { Enclosure } from "../../client/client.ts";
import type { PollDraft } from "../../model/pending.ts";
import { shownMessage } from "../../model/opening.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { AttachButton } from "./AttachButton.tsx";
import { ComposerDialogs, type Asked } from "./ComposerDialogs.tsx";
import { ComposingBar } from "./ComposingBar.tsx";
import { lastEditable, type Composing } from "./composing.ts";
import { DropZone } from "./DropZone.tsx";
import { EmojiButton } from "./EmojiButton.tsx";
import { markFor, toggleMark } from "./formatting.ts";
import { SendButton } from "./SendButton.tsx";
import { Suggestions } from "./Suggestions.tsx";
import { useScheduled } from "./useScheduled.ts";
import { useSlowMode } from "./useSlowMode.ts";
import { type Suggestion, useSuggestions } from "./useSuggestions.ts";
import { useTypingAnywhere } from "./useTypingAnywhere.ts";
import { focusAtEnd, useWriting } from "./useWriting.ts";

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
  const conversation = useConversation(conversationId);
  const hasKeyboard = useMedia(finePointer);
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [draft, setDraft] = useState(() => client.draft(conversationId));
  const [changed, setChanged] = useState({ id: "", text: "" });
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const [asked, setAsked] = useState<Asked>({ type: "nothing" });
  const wait_s = useSlowMode(conversation);
  const scheduled = useScheduled(conversationId);

  const isSealed = conversation?.encrypted ?? false;
  const edited = useOpened(composing.type === "edit" ? composing.message : null);
  const text = edited ? (changed.id === edited.id ? changed.text : edited.content) : draft;
  const isBlank = text.trim() === "";
  const replyTo = composing.type === "reply" ? composing.message.id : null;
  const { from, suggestions } = useSuggestions(conversation, text, caret);
  const writing = useWriting(field);

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
  // What is being changed, or was written beside a poll, stays.
  const stopReply = () => {
    if (composing.type === "reply") stop();
  };
  const empty = () => {
    setDraft("");
    setCaret(null);
    client.finishTyping(conversationId);
    stopReply();
  };

  const report = (error: unknown) => showToast(sentenceOf(error, words));

  const sendPoll = async (poll: PollDraft) => {
    stopReply();
    await client.send(conversationId, "", replyTo, { poll }).catch(report);
  };
  const sendOut = async (content: string, enclosure: Enclosure) => {
    empty();
    field.current?.focus();
    try {
      await client.send(conversationId, content, replyTo, enclosure);
      // The draft is what there is of it until it lies in the outbox.
      if (client.draft(conversationId) === draft) client.saveDraft(conversationId, "");
    } catch (error) {
      report(error);
      const begun = client.draft(conversationId);
      const left = begun === "" || begun === draft ? content : `${content}\n${begun}`;
      setDraft(left);
      client.saveDraft(conversationId, left);
    }
  };
  const send = (enclosure: Enclosure = {}) => {
    if (!isBlank && wait_s === 0) void sendOut(text, enclosure);
  };

  const change = async (message: Composing & { type: "edit" }) => {
    // What hangs on a message can stand without words.
    if (isBlank && !edited?.attachments.length) return;
    stop();
    if (text === edited?.content) return;
    try {
      await client.edit(message.message.id, text, conversationId);
    } catch (error) {
      onComposing(message);
      report(error);
    }
  };

  const submit = () => (composing.type === "edit" ? void change(composing) : send());

  const editLast = () => {
    const thread = client.stores.threads.getState().byConversation[conversationId];
    const openings = client.stores.opened.getState();
    const messages = thread?.status === "open" ? thread.messages : [];
    const message = lastEditable(messages.map((each) => shownMessage(each, openings)), me.id);
    if (message) onComposing({ type: "edit", message });
    return message !== undefined;
  };

  const complete = ({ insert }: Suggestion) => {
    const whole = `${insert} `;
    const end = from + whole.length;
    writing.apply({ from, to: caret ?? from, text: whole, start: end, end });
    setCaret(null);
  };
  const onSuggestionKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const suggestion = suggestions[Math.min(active, suggestions.length - 1)];
    if (!suggestion) return false;
    if (step !== undefined) setActive((active + step + suggestions.length) % suggestions.length);
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) complete(suggestion);
    else if (event.key === "Escape") setCaret(null);
    else return false;
    return true;
  };
  const onFormatKey = (event: KeyboardEvent): boolean => {
    const area = field.current;
    const mark = event.ctrlKey || event.metaKey ? markFor(event.key, event.shiftKey) : null;
    if (mark === null || event.altKey || !area) return false;
    writing.apply(toggleMark({ text, start: area.selectionStart, end: area.selectionEnd }, mark));
    return true;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const isTaken = onSuggestionKey(event) || onFormatKey(event) || onOwnKey(event);
    if (isTaken) event.preventDefault();
  };
  const onOwnKey = (event: KeyboardEvent): boolean => {
    // On a phone the keyboard's Enter is the only way to a new line.
    if (event.key === "Enter" && !event.shiftKey && hasKeyboard) {
      submit();
      return true;
    }
    if (event.key === "Escape" && composing.type !== "new") {
      stop();
      return true;
    }
    return event.key === "ArrowUp" && text === "" && composing.type === "new" && editLast();
  };

  const isOpen = suggestions.length > 0;
  return (
    <div className="composer">
      <DropZone onFiles={(files) => setAsked({ type: "files", files })} />
      <div className="composer-box">
        {isOpen && <Suggestions id={listId} suggestions={suggestions} active={active} onChoose={complete} />}
        {composing.type !== "new" && <ComposingBar composing={composing} onCancel={stop} />}
        <div className="composer-line">
          <EmojiButton onPick={writing.insert} onClosed={() => field.current?.focus()} />
          <textarea
            ref={field}
            className="composer-field"
            rows={1}
            aria-label={words.composer.message}
            placeholder={words.composer.message}
            enterKeyHint={hasKeyboard ? "send" : "enter"}
            aria-autocomplete="list"
            {...(isOpen && { "aria-controls": listId, "aria-activedescendant": `${listId}-${active}` })}
            value={text}
            onChange={(event) => {
              write(event.target.value);
              setCaret(event.target.selectionStart);
              setActive(0);
            }}
            onBlur={() => setCaret(null)}
            onKeyDown={onKeyDown}
          />
          {!edited && scheduled.length > 0 && (
            <IconButton
              className="composer-tool composer-scheduled"
              label={words.composing.scheduled.count(scheduled.length)}
              icon={<CalendarClock />}
              onClick={() => setAsked({ type: "scheduled" })}
            />
          )}
          {!edited && (
            <AttachButton
              onFiles={(files) => setAsked({ type: "files", files })}
              onPoll={isSealed ? undefined : () => setAsked({ type: "poll" })}
            />
          )}
        </div>
      </div>
      <SendButton
        isEdit={edited !== null}
        disabled={isBlank && !edited?.attachments.length}
        wait_s={wait_s}
        onSend={submit}
        ways={
          edited
            ? undefined
            : {
                onSilently: () => send({ silent: true }),
                ...(!isSealed && { onSchedule: () => setAsked({ type: "schedule" }) }),
              }
        }
      />
      <Suspense>
        <ComposerDialogs
          asked={asked}
          draft={draft}
          scheduled={scheduled}
          onSend={(content, files) => void sendOut(content, { files })}
          onSendPoll={(poll) => void sendPoll(poll)}
          onSchedule={async (scheduledDraft) => {
            await client.schedule.add(conversationId, { ...scheduledDraft, replyTo });
            empty();
            client.saveDraft(conversationId, "");
          }}
          onClose={() => setAsked({ type: "nothing" })}
        />
      </Suspense>
    </div>
  );
}
