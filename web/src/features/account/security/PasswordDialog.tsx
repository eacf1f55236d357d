import { useState } from "react";
import { useClient, useMe } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { SecretField } from "../../../ui/SecretField.tsx";
import { ProofDialog, type Proof } from "../ProofDialog.tsx";
import { newPasswordFaults } from "./new_password.ts";

type PasswordDialogProps = { proof: Proof; onClose: () => void; onChanged: () => Promise<void> };

/** A new password, typed twice, and the present one where there is one. */
export function PasswordDialog({ proof, onClose, onChanged }: PasswordDialogProps) {
  const words = useWords();
  const { settings } = useClient();
  const me = useMe();
  const texts = words.settings.pass;
  const [fresh, setFresh] = useState("");
  const [repeated, setRepeated] = useState("");
  const faults = newPasswordFaults({ fresh, repeated }, texts);
  return (
    <ProofDialog
      title={proof.has_password ? texts.change : texts.add}
      text={proof.has_password ? texts.text : texts.addText}
      act={words.save}
      proof={proof}
      passwordFirst={{ label: texts.old, missing: texts.oldMissing }}
      isFilled={Object.keys(faults).length === 0}
      names={["new_password", "new_password_confirmation"]}
      onAct={async (old) => {
        await settings.changePassword({ ...(old === undefined ? {} : { old }), fresh, repeated });
        await onChanged();
      }}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) => (
        <>
          {/* Tells password managers whose password it is. */}
          <input
            className="unseen"
            tabIndex={-1}
            aria-hidden="true"
            readOnly
            autoComplete="username"
            value={me.email ?? me.username ?? ""}
          />
          <SecretField
            label={texts.fresh}
            name="new-password"
            autoComplete="new-password"
            hint={words.register.passwordHint}
            value={fresh}
            onChange={(event) => {
              setFresh(event.target.value);
              forget();
            }}
            error={(tried ? faults.fresh : undefined) ?? faultOf("new_password")}
          />
          <SecretField
            label={texts.repeated}
            name="new-password-again"
            autoComplete="new-password"
            value={repeated}
            onChange={(event) => {
              setRepeated(event.target.value);
              forget();
            }}
            error={(tried ? faults.repeated : undefined) ?? faultOf("new_password_confirmation")}
          />
        </>
      )}
    </ProofDialog>
  );
}
