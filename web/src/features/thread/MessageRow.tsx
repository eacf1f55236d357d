import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useUser } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import type { Kind } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import type { Row } from "../../model/rows.ts";
import { clockTime, fullTime } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { useLongPress } from "../../ui/useLongPress.ts";
import { nameOf } from "../../words/names.ts";
import { Bubble } from "./Bubble.tsx";
import { Quote } from "./Quote.tsx";
import { Ticks } from "./Ticks.tsx";

export type MessageRowActions = {
  onMenu: (row: EntryRow, at: Point) => void;
  onJump: (messageId: string) => void;
};

export type EntryRow = Extract<Row, { type: "message" | "pending" }>;
type StoredRow = Extract<Row, { type: "message" }>;

type MessageRowProps = MessageRowActions & {
  row: StoredRow;
  kind: Kind;
  /** How far an own message has come; null for the others'. */
  tick: "sent" | "read" | null;
  /** Shown lit up, for it was jumped to. */
  flashing: boolean;
};

/** One stored message: bubble, author where there are several, and the button of its menu. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, kind, tick, flashing, onMenu, onJump } = props;
  const { words, locale } = useLanguage();
  const { message, own } = row;
  const sender = useUser(message.sender);
  const name = nameOf(sender, words);
  const time = clockTime(message.inserted_at, locale);
  const isSeveral = kind !== "private" && !own;

  return (
    <EntryFrame
      id={message.id}
      label={`${own ? words.you : name}, ${time}`}
      own={own}
      last={row.last}
      flashing={flashing}
      hasMenu={!message.is_deleted}
      actionsLabel={words.thread.actions}
      onMenu={(at) => onMenu(row, at)}
      face={
        isSeveral && (
          <span className="entry-face">
            {row.last && (
              <Avatar
                id={message.sender}
                name={name}
                picture={sender?.avatar ?? null}
                deleted={sender?.is_deleted ?? false}
                size="small"
              />
            )}
          </span>
        )
      }
    >
      <Bubble
        own={own}
        first={row.first}
        last={row.last}
        sender={isSeveral && row.first ? { id: message.sender, name } : undefined}
        quote={
          message.reply_to !== null &&
          !message.is_deleted && (
            <Quote
              message={row.replied}
              own={own}
              onJump={() => message.reply_to !== null && onJump(message.reply_to)}
            />
          )
        }
        deleted={message.is_deleted}
        text={message.is_deleted ? words.thread.deleted : message.content}
        meta={
          <>
            {message.edited && !message.is_deleted && <span>{words.thread.edited}</span>}
            <time dateTime={message.inserted_at} title={fullTime(message.inserted_at, locale)}>
              {time}
            </time>
            {tick && !message.is_deleted && <Ticks state={tick} />}
          </>
        }
      />
    </EntryFrame>
  );
}, hasSameLook);

function hasSameLook(before: MessageRowProps, after: MessageRowProps): boolean {
  return (
    before.row.message === after.row.message &&
    before.row.first === after.row.first &&
    before.row.last === after.row.last &&
    isSameVersion(before.row.replied, after.row.replied) &&
    before.kind === after.kind &&
    before.tick === after.tick &&
    before.flashing === after.flashing &&
    before.onMenu === after.onMenu &&
    before.onJump === after.onJump
  );
}

function isSameVersion(one: Message | null, other: Message | null): boolean {
  return one?.id === other?.id && one?.changed_seq === other?.changed_seq;
}

type EntryFrameProps = {
  id: string;
  label: string;
  own: boolean;
  last: boolean;
  flashing?: boolean;
  hasMenu: boolean;
  actionsLabel: string;
  onMenu: (at: Point) => void;
  face?: ReactNode;
  children: ReactNode;
};

/** What stored and pending messages share: the article, its side, and the ways to its menu. */
export function EntryFrame(props: EntryFrameProps) {
  const { id, label, own, last, flashing = false, hasMenu, actionsLabel, onMenu } = props;
  const longPress = useLongPress(onMenu);
  return (
    <article
      className={clsx("entry", own && "entry-own", last && "entry-last", flashing && "entry-lit")}
      aria-label={label}
      tabIndex={-1}
      data-message={id}
      {...(hasMenu && {
        ...longPress,
        onContextMenu: (event) => {
          event.preventDefault();
          onMenu({ x: event.clientX, y: event.clientY });
        },
      })}
    >
      {props.face}
      <div className="entry-body">
        {props.children}
        {hasMenu && (
          <button
            type="button"
            className="entry-actions"
            tabIndex={-1}
            aria-label={actionsLabel}
            aria-haspopup="menu"
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              onMenu({ x: box.left, y: box.bottom });
            }}
          >
            <ChevronDown />
          </button>
        )}
      </div>
    </article>
  );
}
