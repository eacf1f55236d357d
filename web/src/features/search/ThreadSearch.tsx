import "./search.css";
import { CalendarDays, ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useClient, useConversation } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { dayOf } from "../../model/times.ts";
import { useFoundMessages } from "./useFoundMessages.ts";

type ThreadSearchProps = { conversationId: string; onClose: () => void };

/** Looks for something in one chat: one hit after the other, the newest first, or a day. */
export function ThreadSearch({ conversationId, onClose }: ThreadSearchProps) {
  const words = useWords();
  const client = useClient();
  const [text, setText] = useState("");
  const isSealed = useConversation(conversationId)?.encrypted ?? false;
  const typed = text.trim();
  return (
    <>
      <div className="thread-search" role="search">
        <SearchField
          label={words.search.here}
          clearLabel={words.clear}
          value={text}
          onChange={setText}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the bar was opened for typing into it
          autoFocus
          onKeyDown={(event) => {
            if (event.key === "Escape" && !text) onClose();
          }}
        />
        {typed && <Hits key={typed} text={typed} conversationId={conversationId} isSealed={isSealed} />}
        <DayButton onDay={(at) => client.goTo(conversationId, { at })} />
        <IconButton label={words.close} icon={<X />} onClick={onClose} />
      </div>
      {isSealed && <p className="thread-search-note">{words.encryption.thread.search}</p>}
    </>
  );
}

type HitsProps = { text: string; conversationId: string; isSealed: boolean };

function Hits({ text, conversationId, isSealed }: HitsProps) {
  const words = useWords();
  const client = useClient();
  const { found, status, more } = useFoundMessages(text, conversationId, isSealed);
  const [at, setAt] = useState(0);
  const target = found[at]?.message.id;

  useEffect(() => {
    if (target !== undefined) client.goTo(conversationId, { message_id: target });
  }, [client, conversationId, target]);

  const last = found.length - 1;
  const toOlder = () => {
    if (at >= last - 1 && more) more();
    setAt(Math.min(at + 1, last));
  };
  return (
    <>
      <span className="thread-search-count" role="status">
        {status === "failed" && words.search.failed}
        {status === "found" && found.length === 0 && words.search.none}
        {found.length > 0 && words.search.hit(at + 1, found.length, more !== null)}
      </span>
      <IconButton label={words.search.older} icon={<ChevronUp />} disabled={at >= last} onClick={toOlder} />
      <IconButton
        label={words.search.newer}
        icon={<ChevronDown />}
        disabled={at === 0}
        onClick={() => setAt(Math.max(at - 1, 0))}
      />
    </>
  );
}

function DayButton({ onDay }: { onDay: (at: string) => void }) {
  const words = useWords();
  const now = useNow();
  const field = useRef<HTMLInputElement>(null);
  return (
    <span className="thread-search-day">
      <IconButton
        label={words.search.day}
        icon={<CalendarDays />}
        onClick={() => field.current?.showPicker()}
      />
      <input
        ref={field}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        max={dayOf(now)}
        onChange={(event) => {
          const day = event.target.valueAsDate;
          // The picker's day is the reader's own, from midnight where they are.
          if (day) onDay(new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()).toISOString());
        }}
      />
    </span>
  );
}
