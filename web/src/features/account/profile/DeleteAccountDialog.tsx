import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { ProofDialog, type Proof } from "../ProofDialog.tsx";

type DeleteAccountDialogProps = { proof: Proof; onClose: () => void; onDeleted: () => void };

/** The last question: what goes, what remains, and two proofs that it is meant. */
export function DeleteAccountDialog({ proof, onClose, onDeleted }: DeleteAccountDialogProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.deletion;
  const [typed, setTyped] = useState("");
  const isMeant = typed.trim() === texts.word;
  return (
    <ProofDialog
      title={texts.title}
      text={texts.text}
      act={texts.act}
      tone="danger"
      proof={proof}
      isFilled={isMeant}
      onAct={async (password) => {
        await settings.deleteAccount(password);
        onDeleted();
      }}
      onClose={onClose}
    >
      {({ tried }) => (
        <>
          <p className="settings-note">{texts.remains}</p>
          <TextField
            label={texts.typed(texts.word)}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            error={tried && !isMeant ? texts.mistyped(texts.word) : undefined}
          />
        </>
      )}
    </ProofDialog>
  );
}
