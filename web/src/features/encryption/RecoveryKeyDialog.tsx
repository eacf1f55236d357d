import "./encryption.css";
import { useId, useState, type SubmitEvent } from "react";
import { useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { isLastGroup } from "../../crypto/recovery_slips.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { KeepActs } from "../../ui/KeepActs.tsx";
import { TextField } from "../../ui/TextField.tsx";

type RecoveryKeyDialogProps = { recoveryKey: string; onDone: () => void };

/** The recovery key, this once. It goes only when its end was typed, or when it was said twice that it may. */
export function RecoveryKeyDialog({ recoveryKey, onDone }: RecoveryKeyDialogProps) {
  const [isLeaving, setIsLeaving] = useState(false);
  if (isLeaving) return <Leaving onBack={() => setIsLeaving(false)} onLeave={onDone} />;
  return <Shown recoveryKey={recoveryKey} onDone={onDone} onLeave={() => setIsLeaving(true)} />;
}

function Shown({ recoveryKey, onDone, onLeave }: RecoveryKeyDialogProps & { onLeave: () => void }) {
  const words = useWords();
  const me = useMe();
  const formId = useId();
  const texts = words.encryption.recoveryKey;
  const [last, setLast] = useState("");
  const [tried, setTried] = useState(false);
  const isKept = isLastGroup(recoveryKey, last);
  const groups = recoveryKey.split("-");
  const head = texts.head(me.email ?? me.username ?? me.display_name);
  const file = `${head}\n\n${recoveryKey}\n\n${texts.fileText}\n`;

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isKept) onDone();
    else focusFirstFault(event.currentTarget);
  };
  return (
    <Dialog
      title={texts.title}
      text={texts.text}
      closeLabel={words.close}
      onClose={onLeave}
      footer={
        <Button type="submit" form={formId} tone="accent">
          {texts.kept}
        </Button>
      }
    >
      <div className="recovery-key" role="group" aria-label={texts.label}>
        {groups.map((group, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a group has nothing but its place, and they stay
          <code key={at}>{group}</code>
        ))}
      </div>
      <KeepActs text={recoveryKey} file={file} words={texts} />
      <form id={formId} noValidate onSubmit={submit}>
        <TextField
          label={texts.last}
          hint={texts.lastHint}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={10}
          value={last}
          onChange={(event) => {
            setLast(event.target.value);
            setTried(false);
          }}
          error={tried && !isKept ? (last.trim() === "" ? texts.lastMissing : texts.lastWrong) : undefined}
        />
      </form>
    </Dialog>
  );
}

function Leaving({ onBack, onLeave }: { onBack: () => void; onLeave: () => void }) {
  const words = useWords();
  const texts = words.encryption.recoveryKey;
  return (
    <Dialog
      title={texts.leaveTitle}
      text={texts.leaveText}
      closeLabel={words.close}
      onClose={onBack}
      footer={
        <>
          <Button tone="danger-plain" onClick={onLeave}>
            {texts.leave}
          </Button>
          <Button tone="accent" onClick={onBack}>
            {texts.stay}
          </Button>
        </>
      }
    />
  );
}
