import "./bubble.css";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { colourOf } from "../../model/titles.ts";
import { countOfBareEmoji } from "./emoji.ts";
import type { Mentioned } from "./Mention.tsx";
import { MessageText } from "./MessageText.tsx";
import { Tail } from "./Tail.tsx";

type BubbleProps = Partial<Mentioned> & {
  own: boolean;
  first: boolean;
  last: boolean;
  /** Who wrote it, where that must be said. */
  sender?: { id: string; name: string; onPress?: () => void } | undefined;
  /** Who said it first. */
  forwarded?: ReactNode;
  /** The message that it answers. */
  quote?: ReactNode;
  /** What hangs on it, above the text. */
  media?: ReactNode;
  text: string;
  /** The text stands in for one that is gone. */
  deleted?: boolean;
  /** Stands in the place of a text that cannot be read. */
  closed?: ReactNode;
  /** What the pages behind its links say. */
  card?: ReactNode;
  reactions?: ReactNode;
  /** Time, ticks and marks, after the last word. */
  meta: ReactNode;
  /** Below the text, for what needs a decision. */
  footer?: ReactNode;
};

const nobody: readonly string[] = [];

export function Bubble(props: BubbleProps) {
  const { own, first, last, sender, forwarded, quote, media, text, deleted = false, closed, card, reactions, footer } = props;
  const { mentions = nobody, callsAll = false } = props;
  const emoji = quote || deleted || closed || forwarded || card ? 0 : countOfBareEmoji(text);
  const meta = <span className="bubble-meta">{props.meta}</span>;
  // Where something stands below the text, the time stands below that.
  const hasEnd = Boolean(card) || Boolean(reactions);
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
        <button
          type="button"
          tabIndex={-1}
          className={clsx("bubble-sender", `bubble-tint-${colourOf(sender.id)}`)}
          onClick={sender.onPress}
        >
          {sender.name}
        </button>
      )}
      {forwarded}
      {quote}
      {media}
      {(text !== "" || closed || !hasEnd) && (
        <div className={clsx("bubble-text", text === "" && !closed && "bubble-text-none")}>
          {closed ? (
            closed
          ) : deleted ? (
            <span className="bubble-deleted">{text}</span>
          ) : (
            <MessageText text={text} mentions={mentions} callsAll={callsAll} />
          )}
          {!hasEnd && meta}
        </div>
      )}
      {card}
      {hasEnd && (
        <div className="bubble-end">
          {reactions}
          {meta}
        </div>
      )}
      {footer}
      {last && <Tail own={own} />}
    </div>
  );
}
