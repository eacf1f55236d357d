import { useState, type SubmitEvent } from "react";
import { useAction } from "../../../bindings/action.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { slipIn } from "../../../crypto/recovery_slips.ts";
import { Button } from "../../../ui/Button.tsx";
import { focusFirstFault } from "../../../ui/faults.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { slipSentence } from "./slips.ts";

/** Takes the recovery key, and tells where it is not as it should be. */
export function RecoveryKeyForm() {
  const words = useWords();
  const client = useClient();
  const texts = words.encryption.restore;
  const { action, run, forget } = useAction();
  const [text, setText] = useState("");
  const [slip, setSlip] = useState<string | undefined>(undefined);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    await run(async () => {
      const found = text.trim() === "" ? texts.keyMissing : slipSentence(await slipIn(text), texts);
      setSlip(found);
      if (found !== undefined) return;
      await client.encryption.restoreWithRecoveryKey(text);
      showToast(texts.done);
    });
    focusFirstFault(form);
  };
  return (
    <form className="settings-form encryption-key" noValidate onSubmit={(event) => void submit(event)}>
      <TextField
        multiline
        label={texts.key}
        hint={texts.keyHint}
        rows={3}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setSlip(undefined);
          forget();
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
        error={slip ?? (action.status === "refused" ? sentenceOf(action.error, words) : undefined)}
      />
      <Button type="submit" tone="accent" busy={action.status === "running"}>
        {texts.act}
      </Button>
    </form>
  );
}
