import { memo } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { fileGone } from "../../model/pending.ts";
import type { Row } from "../../model/rows.ts";
import { clockTime } from "../../model/times.ts";
import { Button } from "../../ui/Button.tsx";
import { failureSentence } from "../../words/refusals.ts";
import { Bubble } from "./Bubble.tsx";
import { EntryFrame } from "./EntryFrame.tsx";
import type { MessageRowActions } from "./MessageRow.tsx";
import { ChooseAgain, PendingFiles } from "./PendingFiles.tsx";
import { PendingNote } from "./PendingNote.tsx";
import { Quote } from "./Quote.tsx";
import { Ticks } from "./Ticks.tsx";

type PendingRowProps = MessageRowActions & { row: Extract<Row, { type: "pending" }> };

/** A message that is still in the outbox, or that the server would not take. */
export const PendingRow = memo(function PendingRow({ row, onMenu, onJump }: PendingRowProps) {
  const { words, locale } = useLanguage();
  const client = useClient();
  const { pending } = row;
  const isRefused = pending.delivery.status === "refused";
  const at = new Date(pending.queuedAt).toISOString();
  const time = clockTime(at, locale);

  return (
    <EntryFrame
      id={pending.clientRef}
      label={`${words.you}, ${time}`}
      own
      last={row.last}
      hasMenu
      onMenu={(point) => onMenu(row, point)}
    >
      <Bubble
        own
        first={row.first}
        last={row.last}
        quote={
          pending.replyTo !== null && (
            <Quote
              message={row.replied}
              own
              onJump={() => pending.replyTo !== null && onJump(pending.replyTo)}
            />
          )
        }
        media={pending.files.length > 0 && <PendingFiles pending={pending} />}
        text={pending.poll?.question ?? pending.content}
        meta={
          <>
            <time dateTime={at}>{time}</time>
            <Ticks state={isRefused ? "failedToSend" : "sending"} />
          </>
        }
        footer={
          pending.delivery.status === "waiting" ? (
            <PendingNote conversationId={pending.conversationId} />
          ) : (
            <div className="bubble-failure">
              <span role="alert">
                {failureSentence(pending.delivery.failure, words)}
              </span>
              {pending.delivery.failure.code === fileGone ? (
                <ChooseAgain pending={pending} />
              ) : (
                <Button onClick={() => void client.retry(pending.clientRef)}>
                  {words.thread.retry}
                </Button>
              )}
              <Button tone="danger-plain" onClick={() => void client.discard(pending.clientRef)}>
                {words.thread.discard}
              </Button>
            </div>
          )
        }
      />
    </EntryFrame>
  );
});
