import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Passkey } from "../../../model/security.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { FormDialog } from "../FormDialog.tsx";

type RenamePasskeyDialogProps = {
  passkey: Passkey;
  onClose: () => void;
  onRenamed: () => Promise<void>;
};

export function RenamePasskeyDialog({ passkey, onClose, onRenamed }: RenamePasskeyDialogProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.passkeys;
  const [name, setName] = useState(passkey.name);
  const called = name.trim();
  return (
    <FormDialog
      title={texts.renameTitle}
      act={words.save}
      isFilled={called !== ""}
      names={["name"]}
      onAct={async () => {
        await settings.renamePasskey(passkey.id, called);
        await onRenamed();
      }}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) => (
        <TextField
          label={texts.name}
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
    </FormDialog>
  );
}
