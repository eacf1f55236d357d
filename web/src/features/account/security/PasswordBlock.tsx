import { KeyRound, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { ProofDialog } from "../ProofDialog.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";
import type { SecurityBlockProps } from "./block.ts";
import { PasswordDialog } from "./PasswordDialog.tsx";

export function PasswordBlock({ security, onChanged }: SecurityBlockProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.pass;
  const [asking, setAsking] = useState<"change" | "remove" | null>(null);
  const stop = () => setAsking(null);
  return (
    <div className="settings-rows">
      <SettingsFact icon={<KeyRound />} label={security.has_password ? texts.set : texts.none} />
      {security.has_password ? (
        <>
          <SettingsRow
            icon={<Pencil />}
            label={texts.change}
            tone="accent"
            onPress={() => setAsking("change")}
          />
          <SettingsRow
            icon={<Trash2 />}
            label={texts.remove}
            tone="danger"
            onPress={() => setAsking("remove")}
          />
        </>
      ) : (
        <SettingsRow
          icon={<Plus />}
          label={texts.add}
          tone="accent"
          onPress={() => setAsking("change")}
        />
      )}
      {asking === "change" && (
        <PasswordDialog
          proof={security}
          onClose={stop}
          onChanged={async () => {
            showToast(texts.changed);
            await onChanged();
          }}
        />
      )}
      {asking === "remove" && (
        <ProofDialog
          title={texts.remove}
          text={texts.removeText}
          act={words.settings.remove}
          tone="danger"
          proof={security}
          onAct={async (password) => {
            await settings.removePassword(password);
            showToast(texts.removed);
            await onChanged();
          }}
          onClose={stop}
        />
      )}
    </div>
  );
}
