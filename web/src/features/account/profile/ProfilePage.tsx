import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient, useMe } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Loaded } from "../Loaded.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { SettingsRow } from "../SettingsRow.tsx";
import { AvatarField } from "./AvatarField.tsx";
import { DataBlock } from "./DataBlock.tsx";
import { DeleteAccountDialog } from "./DeleteAccountDialog.tsx";
import { EmailBlock } from "./EmailBlock.tsx";
import { NamesForm } from "./NamesForm.tsx";
import { PhoneBlock } from "./PhoneBlock.tsx";

/** How one is seen and reached, and what belongs to one. */
export function ProfilePage({ onSignedOut }: { onSignedOut: () => void }) {
  const { settings } = useWords();
  const client = useClient();
  const me = useMe();
  const { answer, load } = useAnswer(client.settings.security);
  const [isDeleting, setIsDeleting] = useState(false);
  const askToDelete = () => {
    setIsDeleting(true);
    // How to prove that it is meant could not be read at first.
    if (answer.status === "failed") void load();
  };
  return (
    <>
      <AvatarField me={me} />
      <SettingsBlock>
        <NamesForm me={me} />
      </SettingsBlock>
      <SettingsBlock title={settings.email.title}>
        <Loaded answer={answer} onRetry={load} rows={1}>
          {(security) => <EmailBlock me={me} proof={security} />}
        </Loaded>
      </SettingsBlock>
      <SettingsBlock title={settings.phone.title}>
        <Loaded answer={answer} onRetry={load} rows={1}>
          {(security) => <PhoneBlock me={me} proof={security} />}
        </Loaded>
      </SettingsBlock>
      <SettingsBlock title={settings.data.title} text={settings.data.text}>
        <DataBlock />
      </SettingsBlock>
      <div className="settings-block settings-rows">
        <SettingsRow
          icon={<Trash2 />}
          label={settings.deletion.button}
          tone="danger"
          onPress={askToDelete}
        />
      </div>
      {isDeleting && answer.status === "ready" && (
        <DeleteAccountDialog
          proof={answer.value}
          onClose={() => setIsDeleting(false)}
          onDeleted={onSignedOut}
        />
      )}
    </>
  );
}
