import { useId, useState, type ReactNode, type SubmitEvent } from "react";
import { useAction } from "../../bindings/action.ts";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";

export type FormState = {
  /** It was tried to be sent: what is missing may be told. */
  tried: boolean;
  /** What is wrong with the field of this name on the wire, where the server says so. */
  faultOf: (name: string) => string | undefined;
  /** To be called when a field changes. */
  forget: () => void;
};

type FormDialogProps = {
  title: string;
  text?: string | undefined;
  act: string;
  tone?: "accent" | "danger";
  /** Whether the fields are filled in as they should be. */
  isFilled: boolean;
  /** The wire's names of the fields, which show their faults themselves. */
  names: readonly string[];
  /** What to say of a failure that the catalogue does not know. */
  wordingOf?: ((error: unknown) => string | undefined) | undefined;
  onAct: () => Promise<void>;
  onClose: () => void;
  /** After it was taken; closes where left out. */
  onDone?: (() => void) | undefined;
  children: (form: FormState) => ReactNode;
};

/** A few fields and a button that sends them. What is wrong stands beside its field. */
export function FormDialog(props: FormDialogProps) {
  const { title, text, act, tone = "accent", isFilled, names, wordingOf, onAct, onClose } = props;
  const { onDone = onClose } = props;
  const words = useWords();
  const formId = useId();
  const { action, run, forget } = useAction();
  const [tried, setTried] = useState(false);
  const refusal = action.status === "refused" ? action.error : null;
  const faultOf = (name: string) => fieldSentenceOf(refusal, name, words);
  const isTold = names.some((name) => faultOf(name) !== undefined);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const form = event.currentTarget;
    if (!isFilled) {
      focusFirstFault(form);
      return;
    }
    void run(async () => {
      await onAct();
      setTried(false);
      onDone();
    }).then(() => focusFirstFault(form));
  };
  return (
    <Dialog
      title={title}
      {...(text === undefined ? {} : { text })}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" form={formId} tone={tone} busy={action.status === "running"}>
            {act}
          </Button>
        </>
      }
    >
      <form id={formId} className="settings-form" noValidate onSubmit={submit}>
        {refusal !== null && !isTold && (
          <p className="dialog-refusal" role="alert">
            {wordingOf?.(refusal) ?? sentenceOf(refusal, words)}
          </p>
        )}
        {props.children({ tried, faultOf, forget })}
      </form>
    </Dialog>
  );
}
