import { Phone, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Me } from "../../../model/user.ts";
import { showToast } from "../../../ui/toasts.ts";
import { ProofDialog, type Proof } from "../ProofDialog.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";
import { AddPhoneDialog } from "./AddPhoneDialog.tsx";

/** The number that one can sign in and be found with. */
export function PhoneBlock({ me, proof }: { me: Me; proof: Proof }) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.phone;
  const [asking, setAsking] = useState<"add" | "remove" | null>(null);
  const stop = () => setAsking(null);
  return (
    <div className="settings-rows">
      {me.phone === null ? (
        <>
          <SettingsFact icon={<Phone />} label={texts.none} hint={texts.noneHint} />
          <SettingsRow icon={<Plus />} label={texts.add} tone="accent" onPress={() => setAsking("add")} />
        </>
      ) : (
        <>
          <SettingsFact icon={<Phone />} label={me.phone} />
          <SettingsRow
            icon={<Trash2 />}
            label={texts.remove}
            tone="danger"
            onPress={() => setAsking("remove")}
          />
        </>
      )}
      {asking === "add" && (
        <AddPhoneDialog
          onClose={stop}
          onAdded={() => {
            stop();
            showToast(texts.added);
          }}
        />
      )}
      {asking === "remove" && (
        <ProofDialog
          title={texts.remove}
          text={texts.removeText}
          act={words.settings.remove}
          tone="danger"
          proof={proof}
          onAct={settings.removePhone}
          onClose={stop}
        />
      )}
    </div>
  );
}
