import { useState, type FormEvent } from "react";
import { useAction } from "../../bindings/action.ts";
import { useWords } from "../../bindings/language.tsx";
import { fromFields, presets, toFields } from "../../model/moments.ts";
import { Button } from "../../ui/Button.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Switch } from "../../ui/Switch.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { sentenceOf } from "../../words/refusals.ts";

type ScheduleDialogProps = {
  /** What is changed, where it waits already. */
  before?: { readonly content: string; readonly sendAt: Date };
  onSchedule: (at: { readonly sendAt: Date; readonly content: string; readonly silent: boolean }) => Promise<void>;
  onClose: () => void;
};

const soonest_ms = 15_000;
const latest_ms = 365 * 24 * 3_600_000;

/** When a message is to be sent. */
export function ScheduleDialog({ before, onSchedule, onClose }: ScheduleDialogProps) {
  const words = useWords();
  const texts = words.composing.scheduled;
  const [offered] = useState(() => presets(new Date()));
  const [fields, setFields] = useState(() => toFields(before?.sendAt ?? offered[0]?.at ?? new Date()));
  const [content, setContent] = useState(before?.content ?? "");
  const [silent, setSilent] = useState(false);
  const [fault, setFault] = useState<string | undefined>();
  const { action, run } = useAction();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const sendAt = fromFields(fields.date, fields.time);
    const ahead_ms = (sendAt?.getTime() ?? 0) - Date.now();
    if (sendAt === null || ahead_ms < soonest_ms) setFault(texts.past);
    else if (ahead_ms > latest_ms) setFault(texts.tooFar);
    else {
      setFault(undefined);
      void run(async () => {
        await onSchedule({ sendAt, content, silent });
        onClose();
      });
    }
  };

  return (
    <Dialog
      title={texts.title}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button tone="accent" type="submit" form="schedule" busy={action.status === "running"}>
            {before ? words.save : texts.act}
          </Button>
        </>
      }
    >
      <form id="schedule" className="schedule-form" noValidate onSubmit={submit}>
        {before && (
          <TextField
            multiline
            rows={3}
            label={texts.text}
            value={content}
            onChange={(event) => setContent(event.target.value)}
          />
        )}
        <div className="schedule-presets">
          {offered.map(({ name, at }) => {
            const { date, time } = toFields(at);
            const isChosen = date === fields.date && time === fields.time;
            return (
              <Chip key={name} pressed={isChosen} onPress={() => setFields({ date, time })}>
                {texts[name]}
              </Chip>
            );
          })}
        </div>
        <div className="schedule-when">
          <TextField
            type="date"
            label={texts.date}
            value={fields.date}
            onChange={(event) => setFields({ ...fields, date: event.target.value })}
            error={fault}
          />
          <TextField
            type="time"
            label={texts.time}
            value={fields.time}
            onChange={(event) => setFields({ ...fields, time: event.target.value })}
          />
        </div>
        {!before && <Switch label={texts.silent} checked={silent} onChange={setSilent} />}
        {action.status === "refused" && (
          <p className="dialog-refusal" role="alert">
            {sentenceOf(action.error, words)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
