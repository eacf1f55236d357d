import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { ProofDialog, type Proof } from "../ProofDialog.tsx";

type AddPasskeyDialogProps = { proof: Proof; onClose: () => void; onAdded: () => Promise<void> };

/** A name for it, the proof; then the browser takes over. */
export function AddPasskeyDialog({ proof, onClose, onAdded }: AddPasskeyDialogProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.passkeys;
  const [name, setName] = useState("");
  const called = name.trim();
  return (
    <ProofDialog
      title={texts.add}
      act={words.settings.continue}
      proof={proof}
      isFilled={called !== ""}
      names={["name"]}
      wordingOf={(error) => {
        if (!(error instanceof DOMException)) return undefined;
        return error.name === "InvalidStateError" ? texts.exists : texts.gaveUp;
      }}
      onAct={async (password) => {
        await settings.addPasskey(called, password);
        showToast(texts.added);
        await onAdded();
      }}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) => (
        <TextField
          label={texts.name}
          hint={texts.nameText}
          autoComplete="off"
          maxLength={50}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            forget();
          }}
          error={(tried && called === "" ? texts.nameMissing : undefined) ?? faultOf("name")}
        />
      )}
    </ProofDialog>
  );
}
