import { BellOff, Pencil, SendHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import type { Scheduled } from "../../model/scheduled.ts";
import { momentText } from "../../model/times.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { failureSentence, sentenceOf } from "../../words/refusals.ts";
import { ScheduleDialog } from "./ScheduleDialog.tsx";

type ScheduledDialogProps = { scheduled: readonly Scheduled[]; onClose: () => void };

/** What waits to be sent into this chat, and what can be done with it meanwhile. */
export function ScheduledDialog({ scheduled, onClose }: ScheduledDialogProps) {
  const { words } = useLanguage();
  const { schedule } = useClient();
  const texts = words.composing.scheduled;
  const [edited, setEdited] = useState<Scheduled | null>(null);
  const attempt = async (work: Promise<void>) => {
    try {
      await work;
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };

  if (edited) {
    return (
      <ScheduleDialog
        before={{ content: edited.content, sendAt: new Date(edited.send_at) }}
        onSchedule={({ sendAt, content }) => schedule.change(edited.id, { content, sendAt })}
        onClose={() => setEdited(null)}
      />
    );
  }
  return (
    <Dialog
      title={texts.list}
      closeLabel={words.close}
      onClose={onClose}
      footer={<Button onClick={onClose}>{words.close}</Button>}
    >
      {scheduled.length === 0 && <p className="scheduled-none">{texts.none}</p>}
      <ul className="scheduled-list" role="list" aria-label={texts.list}>
        {scheduled.map((item) => (
          <ScheduledRow
            key={item.id}
            item={item}
            onEdit={() => setEdited(item)}
            onRemove={() => void attempt(schedule.remove(item))}
            onSend={() => void attempt(schedule.sendNow(item))}
          />
        ))}
      </ul>
    </Dialog>
  );
}

type ScheduledRowProps = { item: Scheduled; onEdit: () => void; onRemove: () => void; onSend: () => void };

function ScheduledRow({ item, onEdit, onRemove, onSend }: ScheduledRowProps) {
  const { words, locale } = useLanguage();
  const texts = words.composing.scheduled;
  return (
    <li className="scheduled-row">
      <div className="scheduled-text">
        <p className="scheduled-content">{item.content || item.attachments.map(({ name }) => name).join(", ")}</p>
        <p className="scheduled-when">
          {item.silent && <BellOff role="img" aria-label={texts.silent} />}
          <time dateTime={item.send_at}>{momentText(item.send_at, locale)}</time>
        </p>
        {item.failure !== null && (
          <p className="scheduled-failure">
            {texts.failed} {failureSentence({ code: item.failure, detail: item.failure }, words)}
          </p>
        )}
      </div>
      <IconButton label={texts.sendNow} icon={<SendHorizontal />} onClick={onSend} />
      <IconButton label={texts.edit} icon={<Pencil />} onClick={onEdit} />
      <IconButton label={texts.remove} icon={<Trash2 />} onClick={onRemove} />
    </li>
  );
}
