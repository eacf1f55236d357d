import { memo } from "react";
import { useUser } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import type { Kind } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import { isReadable } from "../../model/opening.ts";
import type { Row } from "../../model/rows.ts";
import { clockTime } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { nameOf } from "../../words/names.ts";
import { useThreadActs } from "./acts.ts";
import { Attachments } from "./Attachments.tsx";
import { Bubble } from "./Bubble.tsx";
import { ClosedNote } from "./ClosedNote.tsx";
import { EntryFrame } from "./EntryFrame.tsx";
import { Forwarded } from "./Forwarded.tsx";
import { Meta } from "./Meta.tsx";
import { PollView } from "./PollView.tsx";
import { PreviewCard } from "./PreviewCard.tsx";
import { Quote } from "./Quote.tsx";
import { Reactions } from "./Reactions.tsx";
import { useShown } from "./useShown.ts";

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
  const { own } = row;
  const message = useShown(row.message);
  const { onPerson } = useThreadActs();
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
      choosable={message.is_deleted ? undefined : row.message}
      onMenu={(at) => onMenu(row, at)}
      face={
        isSeveral && (
          <span className="entry-face">
            {row.last && (
              // The name above the group does the same, and is the one that is read out.
              <button type="button" tabIndex={-1} aria-hidden="true" onClick={() => onPerson(message.sender)}>
                <Avatar
                  id={message.sender}
                  name={name}
                  picture={sender?.avatar ?? null}
                  deleted={sender?.is_deleted ?? false}
                  size="small"
                />
              </button>
            )}
          </span>
        )
      }
    >
      <Bubble
        own={own}
        first={row.first}
        last={row.last}
        sender={
          isSeveral && row.first
            ? { id: message.sender, name, onPress: () => onPerson(message.sender) }
            : undefined
        }
        forwarded={message.forwarded_from && <Forwarded origin={message.forwarded_from} />}
        quote={
          message.reply_to !== null &&
          !message.is_deleted && (
            <Quote
              // What it answers is told by its author, whatever the server says.
              message={message.reply_to === row.message.reply_to ? row.replied : null}
              own={own}
              onJump={() => message.reply_to !== null && onJump(message.reply_to)}
            />
          )
        }
        media={
          <>
            <Attachments message={message} />
            {message.poll && <PollView message={message} poll={message.poll} />}
          </>
        }
        deleted={message.is_deleted}
        closed={!isReadable(message) && <ClosedNote message={message} own={own} />}
        text={message.is_deleted ? words.thread.deleted : message.content}
        mentions={message.mentions}
        callsAll={message.mentions_all}
        card={
          message.previews.length > 0 &&
          message.previews.map((preview) => <PreviewCard key={preview.url} preview={preview} />)
        }
        reactions={message.reactions.length > 0 && <Reactions message={message} />}
        meta={<Meta message={message} tick={tick} />}
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
