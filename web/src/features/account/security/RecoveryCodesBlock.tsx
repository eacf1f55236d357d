import { LifeBuoy, RefreshCw } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { ProofDialog } from "../ProofDialog.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";
import type { SecurityBlockProps } from "./block.ts";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog.tsx";

const few = 3;

/** How many codes are left, and new ones. */
export function RecoveryCodesBlock({ security, onChanged }: SecurityBlockProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.codes;
  const [isAsking, setIsAsking] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const left = texts.left(security.recovery_codes_left);
  return (
    <div className="settings-rows">
      <SettingsFact
        icon={<LifeBuoy />}
        label={texts.title}
        hint={security.recovery_codes_left <= few ? `${left} ${texts.few}` : left}
      />
      <SettingsRow
        icon={<RefreshCw />}
        label={texts.renew}
        tone="accent"
        onPress={() => setIsAsking(true)}
      />
      {isAsking && (
        <ProofDialog
          title={texts.renew}
          text={texts.renewText}
          act={texts.renew}
          proof={security}
          onAct={async (password) => {
            setCodes(await settings.renewRecoveryCodes(password));
            await onChanged();
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
      {!isAsking && codes.length > 0 && (
        <RecoveryCodesDialog codes={codes} onClose={() => setCodes([])} />
      )}
    </div>
  );
}
