import { CircleCheck } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "zustand";
import { useAction } from "../../../bindings/action.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Handover } from "../../../model/encryption.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { HandoverCode } from "../../../ui/HandoverCode.tsx";
import { Spinner } from "../../../ui/Spinner.tsx";
import { sentenceOf } from "../../../words/refusals.ts";

/** Asks the person's other devices for the keys, and shows the code to compare with the one that answers. */
export function AskingDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { encryption, stores } = useClient();
  const handover = useStore(stores.encryption, (state) => state.handover);
  const { action, run } = useAction();
  const texts = words.encryption.handover;

  useEffect(() => {
    void run(() => encryption.askHandover());
  }, [encryption, run]);

  const leave = () =>
    run(async () => {
      onClose();
      await encryption.cancelHandover();
    });
  const again = () =>
    run(async () => {
      await encryption.cancelHandover();
      await encryption.askHandover();
    });
  const failure = action.status === "refused" ? sentenceOf(action.error, words) : failureOf(handover, texts.failures);
  const isComparing = handover?.step === "comparing";
  const isDone = handover?.step === "done";
  return (
    <Dialog
      key={handover?.step ?? "waiting"}
      title={isDone ? words.encryption.restore.done : isComparing ? texts.code : texts.title}
      {...(isDone ? {} : { text: isComparing ? texts.compare(handover.device ?? texts.otherDevice) : texts.ask })}
      closeLabel={words.close}
      onClose={() => void leave()}
      footer={
        isComparing ? (
          <>
            <Button tone="danger-plain" onClick={() => void leave()}>
              {texts.differ}
            </Button>
            <Button
              tone="accent"
              busy={action.status === "running" || handover.isConfirmed}
              onClick={() => void run(() => encryption.confirmHandover())}
            >
              {texts.same}
            </Button>
          </>
        ) : (
          <>
            {failure && (
              <Button tone="accent" busy={action.status === "running"} onClick={() => void again()}>
                {texts.again}
              </Button>
            )}
            <Button onClick={() => void leave()}>{isDone ? words.close : words.cancel}</Button>
          </>
        )
      }
    >
      {isComparing && <HandoverCode code={handover.code} label={texts.code} />}
      {failure ? (
        <p className="dialog-refusal" role="alert">
          {failure}
        </p>
      ) : isDone ? (
        <p className="encryption-status" role="status">
          <CircleCheck className="encryption-mark-good" aria-hidden="true" />
          {words.encryption.settings.ready}
        </p>
      ) : (
        (!isComparing || handover.isConfirmed) && (
          <p className="encryption-status" role="status">
            <Spinner />
            {isComparing ? texts.confirmThere : texts.waiting}
          </p>
        )
      )}
    </Dialog>
  );
}

function failureOf(handover: Handover | null, failures: Readonly<Record<string, string>>): string | undefined {
  return handover?.step === "failed" ? failures[handover.why] : undefined;
}
