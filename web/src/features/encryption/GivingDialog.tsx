import "./encryption.css";
import { CircleCheck, MonitorSmartphone, ShieldAlert } from "lucide-react";
import { useStore } from "zustand";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Handover } from "../../model/encryption.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { HandoverCode } from "../../ui/HandoverCode.tsx";
import { Spinner } from "../../ui/Spinner.tsx";
import { sentenceOf } from "../../words/refusals.ts";

/** Another device of the person asks for the keys: they are asked here, and compare the code. */
export function GivingDialog() {
  const { handover } = useStore(useClient().stores.encryption);
  return handover?.role === "giving" ? <Steps key={handover.step} handover={handover} /> : null;
}

function Steps({ handover }: { handover: Handover }) {
  const words = useWords();
  const { encryption } = useClient();
  const { action, run } = useAction();
  const texts = words.encryption.handover;
  const isBusy = action.status === "running";
  const cancel = () => void run(() => encryption.cancelHandover());
  const refusal = action.status === "refused" && (
    <p className="dialog-refusal" role="alert">
      {sentenceOf(action.error, words)}
    </p>
  );
  const frame = { closeLabel: words.close, onClose: cancel };
  switch (handover.step) {
    case "waiting":
      return null;
    case "asked":
      return (
        <Dialog
          {...frame}
          title={texts.offer}
          text={texts.offerText(handover.device)}
          footer={
            <>
              <Button onClick={cancel}>{texts.no}</Button>
              <Button tone="accent" busy={isBusy} onClick={() => void run(() => encryption.answerHandover(handover.id))}>
                {texts.yes}
              </Button>
            </>
          }
        >
          <p className="encryption-note">
            <ShieldAlert aria-hidden="true" />
            {texts.refusedText}
          </p>
          {refusal}
        </Dialog>
      );
    case "comparing":
      return (
        <Dialog
          {...frame}
          title={texts.code}
          text={texts.compare(handover.device ?? texts.otherDevice)}
          footer={
            <>
              <Button tone="danger-plain" onClick={cancel}>
                {texts.differ}
              </Button>
              <Button
                tone="accent"
                busy={isBusy || handover.isConfirmed}
                onClick={() => void run(() => encryption.confirmHandover())}
              >
                {texts.same}
              </Button>
            </>
          }
        >
          <HandoverCode code={handover.code} label={texts.code} />
          {handover.isConfirmed && (
            <p className="encryption-waiting" role="status">
              <Spinner />
              {texts.confirmThere}
            </p>
          )}
          {refusal}
        </Dialog>
      );
    case "done":
    case "failed": {
      const isDone = handover.step === "done";
      return (
        <Dialog
          {...frame}
          title={isDone ? texts.givenTitle : texts.failedTitle}
          footer={
            <Button tone="accent" onClick={cancel}>
              {words.close}
            </Button>
          }
        >
          <p className="encryption-end">
            {isDone ? <CircleCheck className="encryption-good" aria-hidden="true" /> : <MonitorSmartphone aria-hidden="true" />}
            {isDone ? texts.given : texts.failures[handover.why]}
          </p>
        </Dialog>
      );
    }
  }
}
