import "./pinned-bar.css";
import { clsx } from "clsx";
import { List, PinOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useOpened } from "../../bindings/sealed.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import { mayPin } from "../../model/rights.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { summaryOf } from "../../words/summaries.ts";
import { useThreadActs } from "./acts.ts";
import { useTry } from "./useTry.ts";

const none: readonly Message[] = [];
/** More than so many cannot be told apart beside one line. */
const shown_marks = 4;

/** What is pinned, the newest first: a press leads there, and the next one to the one before it. */
export function PinnedBar({ conversation }: { conversation: OwnConversation }) {
  const words = useWords();
  const client = useClient();
  const tryTo = useTry();
  const { onAsk, onGoTo } = useThreadActs();
  const { id } = conversation;
  const pins = useStore(client.stores.pins, ({ byConversation }) => byConversation[id]) ?? none;
  const [shownId, setShownId] = useState<string | null>(null);
  useEffect(() => void client.messages.loadPinned(id), [client, id]);

  const place = Math.max(0, pins.findIndex((message) => message.id === shownId));
  const message = useOpened(pins[place]);
  if (message === null) return null;
  const texts = words.messages.pins;
  const goOn = () => {
    onGoTo(id, message.id);
    setShownId(pins[(place + 1) % pins.length]?.id ?? null);
  };
  const isOne = pins.length === 1;
  return (
    <section className="pinned-bar" aria-label={texts.bar}>
      <button type="button" className="pinned-bar-press" onClick={goOn}>
        <Marks count={pins.length} place={place} />
        <span className="pinned-bar-text">
          <span className="pinned-bar-title">
            {isOne ? texts.title : texts.nth(pins.length - place, pins.length)}
          </span>
          <span className="pinned-bar-summary">{summaryOf(message, words)}</span>
        </span>
      </button>
      {!isOne && (
        <IconButton label={texts.all} icon={<List />} onClick={() => onAsk({ type: "pinned" })} />
      )}
      {isOne && mayPin(conversation) && (
        <IconButton
          label={words.messages.unpin}
          icon={<PinOff />}
          onClick={() => void tryTo(client.messages.pin(message.id, false))}
        />
      )}
    </section>
  );
}

/** One stroke per pin, the shown one strong; the newest is the lowest, as in the thread. */
function Marks({ count, place }: { count: number; place: number }) {
  const shown = Math.min(count, shown_marks);
  const first = Math.min(Math.max(0, place - shown + 1), count - shown);
  return (
    <span className="pinned-bar-marks" aria-hidden="true">
      {Array.from({ length: shown }, (_, index) => (
        <i key={index} className={clsx(first + index === place && "pinned-bar-mark-on")} />
      )).toReversed()}
    </span>
  );
}
