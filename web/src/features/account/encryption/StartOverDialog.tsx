import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { openEncryptionDialog } from "../../../bindings/encryption_dialogs.ts";
import { useWords } from "../../../bindings/language.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { ProofDialog, type Proof } from "../ProofDialog.tsx";

type StartOverDialogProps = { proof: Proof; onClose: () => void };

/** Other keys for whoever has no way to the old ones, after it was said what is lost by it. */
export function StartOverDialog({ proof, onClose }: StartOverDialogProps) {
  const { encryption } = useWords();
  const client = useClient();
  const texts = encryption.settings;
  const [typed, setTyped] = useState("");
  const isTyped = typed.trim() === texts.resetWord;
  return (
    <ProofDialog
      title={texts.resetTitle}
      text={texts.resetText}
      act={texts.resetAct}
      tone="danger"
      proof={proof}
      isFilled={isTyped}
      onAct={async (password) => {
        const { recoveryKey } = await client.encryption.reset(password);
        void openEncryptionDialog({ type: "key", recoveryKey });
      }}
      onClose={onClose}
    >
      {({ tried, forget }) => (
        <TextField
          label={texts.resetTyped(texts.resetWord)}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            forget();
          }}
          error={tried && !isTyped ? texts.resetMistyped(texts.resetWord) : undefined}
        />
      )}
    </ProofDialog>
  );
}
