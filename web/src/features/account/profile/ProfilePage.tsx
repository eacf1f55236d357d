import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient, useMe } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Proof } from "../ProofDialog.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { SettingsRow } from "../SettingsRow.tsx";
import { AvatarField } from "./AvatarField.tsx";
import { DataBlock } from "./DataBlock.tsx";
import { DeleteAccountDialog } from "./DeleteAccountDialog.tsx";
import { EmailBlock } from "./EmailBlock.tsx";
import { NamesForm } from "./NamesForm.tsx";
import { PhoneBlock } from "./PhoneBlock.tsx";

/** Until it is known whether there is a password: it is asked for, and the server knows whether it matters. */
const assumed: Proof = { has_password: true, fresh: true };

/** How one is seen and reached, and what belongs to one. */
export function ProfilePage({ onSignedOut }: { onSignedOut: () => void }) {
  const { settings } = useWords();
  const client = useClient();
  const me = useMe();
  const { answer } = useAnswer(client.settings.security);
  const [isDeleting, setIsDeleting] = useState(false);
  const proof = answer.status === "ready" ? answer.value : assumed;
  return (
    <>
      <AvatarField me={me} />
      <SettingsBlock>
        <NamesForm me={me} />
      </SettingsBlock>
      <SettingsBlock title={settings.email.title}>
        <EmailBlock me={me} proof={proof} />
      </SettingsBlock>
      <SettingsBlock title={settings.phone.title}>
        <PhoneBlock me={me} proof={proof} />
      </SettingsBlock>
      <SettingsBlock title={settings.data.title} text={settings.data.text}>
        <DataBlock />
      </SettingsBlock>
      <div className="settings-block settings-rows">
        <SettingsRow
          icon={<Trash2 />}
          label={settings.deletion.button}
          tone="danger"
          onPress={() => setIsDeleting(true)}
        />
      </div>
      {isDeleting && (
        <DeleteAccountDialog
          proof={proof}
          onClose={() => setIsDeleting(false)}
          onDeleted={onSignedOut}
        />
      )}
    </>
  );
}
