import type { ReactNode } from "react";
import { useAction } from "../bindings/action.ts";
import { useWords } from "../bindings/language.tsx";
import { sentenceOf } from "../words/refusals.ts";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";

type QuestionProps = {
  title: string;
  text: string;
  /** The word on the button that does it. */
  act: string;
  /** How grave it is. */
  tone?: "danger" | "accent";
  onAct: () => Promise<void>;
  onClose: () => void;
  /** What is filled in before it is done. */
  children?: ReactNode;
};

/** Asks before something is done, above all what cannot be taken back; stays open with the reason where it is refused. */
export function Question({ title, text, act, tone = "danger", onAct, onClose, children }: QuestionProps) {
  const words = useWords();
  const { action, run } = useAction();
  return (
    <Dialog
      title={title}
      text={text}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            tone={tone}
            busy={action.status === "running"}
            onClick={() =>
              void run(async () => {
                await onAct();
                onClose();
              })
            }
          >
            {act}
          </Button>
        </>
      }
    >
      {children}
      {action.status === "refused" && (
        <p className="dialog-refusal" role="alert">
          {sentenceOf(action.error, words)}
        </p>
      )}
    </Dialog>
  );
}
