import { useCallback } from "react";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useLanguage } from "../../../bindings/language.tsx";
import type { Message } from "../../../model/message.ts";
import { fullTime } from "../../../model/times.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { MessageText } from "../MessageText.tsx";
import { AnswerOutline } from "./AnswerOutline.tsx";

const nobody: readonly string[] = [];

/** How a message read before it was edited, newest first. */
export function VersionsDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { words, locale } = useLanguage();
  const client = useClient();
  const ask = useCallback(() => client.messages.versions(message.id), [client, message.id]);
  const { answer, load } = useAnswer(ask);
  const texts = words.messages.versions;
  const earlier = answer.status === "ready" ? answer.value.toReversed() : [];
  const now = { content: message.content, written_at: message.updated_at };
  const versions = earlier.length > 0 ? [now, ...earlier] : [];
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
      {answer.status === "ready" && earlier.length === 0 && <p className="dialog-note">{texts.none}</p>}
      <ol className="versions">
        {versions.map((version) => (
          <li key={version.written_at} className="version">
            <p className="version-when">
              {version === versions[0] && <b>{texts.now}</b>}
              {version !== versions[0] && version === versions.at(-1) && <b>{texts.first}</b>}
              <time dateTime={version.written_at}>{fullTime(version.written_at, locale)}</time>
            </p>
            <div className="version-text">
              <MessageText text={version.content} mentions={nobody} callsAll={false} />
            </div>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
