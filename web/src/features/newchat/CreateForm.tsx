import { useId, type SubmitEvent, type ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { focusFirstFault } from "../../ui/faults.ts";

type CreateFormProps = {
  title: string;
  text: string;
  busy: boolean;
  /** What was refused as a whole and belongs to no field. */
  refusal: string | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** What the three dialogs share: fields, Create and Cancel. */
export function CreateForm(props: CreateFormProps) {
  const words = useWords();
  const formId = useId();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    props.onSubmit();
    focusFirstFault(event.currentTarget);
  };
  return (
    <Dialog
      title={props.title}
      text={props.text}
      closeLabel={words.close}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{words.cancel}</Button>
          <Button type="submit" form={formId} tone="accent" busy={props.busy}>
            {words.newchat.create}
          </Button>
        </>
      }
    >
      <form id={formId} className="create-form" noValidate onSubmit={submit}>
        {props.refusal && (
          <p className="create-refusal" role="alert">
            {props.refusal}
          </p>
        )}
        {props.children}
      </form>
    </Dialog>
  );
}
