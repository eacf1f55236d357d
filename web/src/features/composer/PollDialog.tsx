import { X } from "lucide-react";
import { useRef, useState, type FormEvent } from "react";
import { useWords } from "../../bindings/language.tsx";
import type { PollDraft } from "../../model/pending.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { Switch } from "../../ui/Switch.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { most_options, pollFrom } from "./poll.ts";

type PollDialogProps = { onSend: (poll: PollDraft) => void; onClose: () => void };

type Line = { readonly key: number; readonly text: string };

/** A question with answers to choose from. */
export function PollDialog({ onSend, onClose }: PollDialogProps) {
  const words = useWords();
  const texts = words.composing.poll;
  const form = useRef<HTMLFormElement>(null);
  const [question, setQuestion] = useState("");
  const [lines, setLines] = useState<readonly Line[]>([
    { key: 1, text: "" },
    { key: 2, text: "" },
  ]);
  const [multiple, setMultiple] = useState(false);
  const [isTried, setIsTried] = useState(false);
  const { poll, faults } = pollFrom({ question, options: lines.map((line) => line.text), multiple });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (poll === null) {
      setIsTried(true);
      if (form.current) focusFirstFault(form.current);
      return;
    }
    onSend(poll);
    onClose();
  };
  const put = (key: number, text: string) => setLines(lines.map((line) => (line.key === key ? { key, text } : line)));
  const add = () => {
    const key = Math.max(0, ...lines.map((line) => line.key)) + 1;
    setLines([...lines, { key, text: "" }]);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(`[data-option="${key}"]`)?.focus());
  };
  const faultOf = (index: number): string | undefined => {
    if (!isTried) return undefined;
    if (faults.twice === index) return texts.optionTwice;
    return faults.missing === index ? texts.optionsMissing : undefined;
  };

  return (
    <Dialog
      title={texts.title}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button tone="accent" type="submit" form="new-poll">
            {texts.send}
          </Button>
        </>
      }
    >
      <form ref={form} id="new-poll" className="poll-form" noValidate onSubmit={submit}>
        <TextField
          label={texts.question}
          value={question}
          maxLength={300}
          autoComplete="off"
          onChange={(event) => setQuestion(event.target.value)}
          error={isTried && faults.isQuestionMissing ? texts.questionMissing : undefined}
        />
        {lines.map((line, index) => (
          <TextField
            key={line.key}
            data-option={line.key}
            label={texts.option(index + 1)}
            value={line.text}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => put(line.key, event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || index < lines.length - 1 || line.text === "" || lines.length >= most_options) return;
              event.preventDefault();
              add();
            }}
            error={faultOf(index)}
            end={
              lines.length > 2 && (
                <IconButton
                  label={texts.removeOption(index + 1)}
                  icon={<X />}
                  onClick={() => setLines(lines.filter((each) => each.key !== line.key))}
                />
              )
            }
          />
        ))}
        <div>
          <Button disabled={lines.length >= most_options} onClick={add}>
            {texts.addOption}
          </Button>
        </div>
        <Switch label={texts.multiple} checked={multiple} onChange={setMultiple} />
      </form>
    </Dialog>
  );
}
