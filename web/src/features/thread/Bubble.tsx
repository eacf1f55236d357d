import "./bubble.css";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { colourOf } from "../../model/titles.ts";
import { countOfBareEmoji } from "./emoji.ts";
import { MessageText } from "./MessageText.tsx";
import { Tail } from "./Tail.tsx";

type BubbleProps = {
  own: boolean;
  first: boolean;
  last: boolean;
  /** Who wrote it, where that must be said. */
  sender?: { id: string; name: string } | undefined;
  /** The message that it answers. */
  quote?: ReactNode;
  text: string;
  /** The text stands in for one that is gone. */
  deleted?: boolean;
  /** Time, ticks and marks, after the last word. */
  meta: ReactNode;
  /** Below the text, for what needs a decision. */
  footer?: ReactNode;
};

export function Bubble({ own, first, last, sender, quote, text, deleted = false, meta, footer }: BubbleProps) {
  const emoji = quote || deleted ? 0 : countOfBareEmoji(text);
  return (
    <div
      className={clsx(
        "bubble",
        own && "bubble-own",
        first && "bubble-first",
        last && "bubble-last",
        emoji > 0 && `bubble-emoji bubble-emoji-${emoji}`,
      )}
    >
      {sender && (
        <span className={clsx("bubble-sender", `bubble-tint-${colourOf(sender.id)}`)}>
          {sender.name}
        </span>
      )}
      {quote}
      <div className="bubble-text">
        {deleted ? <span className="bubble-deleted">{text}</span> : <MessageText text={text} />}
        <span className="bubble-meta">{meta}</span>
      </div>
      {footer}
      {last && <Tail own={own} />}
    </div>
  );
}
