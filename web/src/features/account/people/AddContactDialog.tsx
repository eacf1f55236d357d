import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { ApiError } from "../../../protocol/errors.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { FormDialog } from "../FormDialog.tsx";
import { contactKeyOf } from "./contact_key.ts";

export function AddContactDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.contacts;
  const [typed, setTyped] = useState("");
  const key = contactKeyOf(typed);
  return (
    <FormDialog
      title={texts.add}
      text={texts.addText}
      act={words.settings.add}
      isFilled={key !== null}
      names={["username", "phone"]}
      wordingOf={(error) =>
        error instanceof ApiError && error.status === 404 ? texts.nobody : undefined
      }
      onAct={async () => {
        if (key !== null) showToast(texts.added((await settings.addContact(key)).display_name));
      }}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) => (
        <TextField
          label={texts.key}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            forget();
          }}
          error={
            (tried && key === null ? texts.keyMissing : undefined) ??
            faultOf("username") ??
            faultOf("phone")
          }
        />
      )}
    </FormDialog>
  );
}
