import { useCallback } from "react";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useLanguage } from "../../../bindings/language.tsx";
import type { Message } from "../../../model/message.ts";
import { fullTime } from "../../../model/times.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { AnswerOutline } from "./AnswerOutline.tsx";
import { PersonLine } from "./PeopleList.tsx";

/** Who has read a message, and when. */
export function ReadersDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { words, locale } = useLanguage();
  const client = useClient();
  const ask = useCallback(() => client.messages.readers(message.id), [client, message.id]);
  const { answer, load } = useAnswer(ask);
  const texts = words.messages.readers;
  return (
    <Dialog
      title={texts.title}
      closeLabel={words.close}
      onClose={onClose}
      footer={<Button onClick={onClose}>{words.close}</Button>}
    >
      {answer.status !== "ready" && (
        <AnswerOutline answer={answer} failed={texts.failed} onRetry={() => void load()} />
      )}
      {answer.status === "ready" && answer.value.length === 0 && <p className="dialog-note">{texts.nobody}</p>}
      {answer.status === "ready" && (
        <ul role="list">
          {answer.value.map(({ user, read_at }) => (
            <PersonLine
              key={user.id}
              userId={user.id}
              note={read_at && <time dateTime={read_at}>{fullTime(read_at, locale)}</time>}
            />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
