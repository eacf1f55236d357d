import { clsx } from "clsx";
import { useMe, useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useOpened } from "../../bindings/sealed.ts";
import type { Message } from "../../model/message.ts";
import { colourOf } from "../../model/titles.ts";
import { nameOf } from "../../words/names.ts";
import { summaryOf } from "../../words/summaries.ts";

type QuoteProps = {
  /** Null: it lies further back than what is loaded. */
  message: Message | null;
  own: boolean;
  onJump: () => void;
};

/** The answered message in two lines; a press leads to it. */
export function Quote({ message: stored, own, onJump }: QuoteProps) {
  const words = useWords();
  const message = useOpened(stored);
  const me = useMe();
  const sender = useUser(message?.sender ?? "");
  const name = message?.sender === me.id ? words.you : nameOf(sender, words);
  const tint = message && !own ? `bubble-tint-${colourOf(message.sender)}` : "bubble-tint-own";
  return (
    <button type="button" tabIndex={-1} className={clsx("quote", tint)} onClick={onJump}>
      <span className="quote-name">{message ? name : words.thread.reply}</span>
      <span className="quote-text">
        {message === null && "…"}
        {message && summaryOf(message, words)}
      </span>
    </button>
  );
}
