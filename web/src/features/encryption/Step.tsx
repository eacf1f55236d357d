import { useId, type ReactNode, type SubmitEvent } from "react";
import { useAction } from "../../bindings/action.ts";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { sentenceOf } from "../../words/refusals.ts";

type StepProps = {
  title: string;
  text: string;
  /** The word on the button that goes on. */
  act: string;
  tone?: "accent" | "danger";
  /** The word on the button that does not. */
  stay?: string;
  /** Whether the fields are filled in as they should be; told when one tries to go on. */
  isFilled?: boolean;
  onTried?: () => void;
  onAct: () => Promise<void>;
  onClose: () => void;
  /** What was refused stands beside its field already. */
  isTold?: boolean;
  /** What to say of a failure that the catalogue does not know. */
  wordingOf?: (error: unknown) => string | undefined;
  children?: ReactNode;
};

/** One of several dialogs that lead from one to the next. It stays open with the reason where it is refused. */
export function Step(props: StepProps) {
  const { title, text, act, tone = "accent", isFilled = true, onTried, onAct, onClose, wordingOf } = props;
  const words = useWords();
  const formId = useId();
  const { action, run } = useAction();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onTried?.();
    if (isFilled) void run(onAct);
    else focusFirstFault(event.currentTarget);
  };
  return (
    <Dialog
      title={title}
      text={text}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{props.stay ?? words.cancel}</Button>
          <Button type="submit" form={formId} tone={tone} busy={action.status === "running"}>
            {act}
          </Button>
        </>
      }
    >
      <form id={formId} className="encryption-step" noValidate onSubmit={submit}>
        {props.children}
        {action.status === "refused" && !props.isTold && (
          <p className="dialog-refusal" role="alert">
            {wordingOf?.(action.error) ?? sentenceOf(action.error, words)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
