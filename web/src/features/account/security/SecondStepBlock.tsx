import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Switch } from "../../../ui/Switch.tsx";
import { ProofDialog } from "../ProofDialog.tsx";
import type { SecurityBlockProps } from "./block.ts";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog.tsx";

/** Whether a password alone lets somebody in. */
export function SecondStepBlock({ security, onChanged }: SecurityBlockProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.step;
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const canAsk = security.totp || security.passkeys.length > 0 || security.second_step;
  return (
    <>
      <Switch
        label={texts.label}
        hint={canAsk ? texts.hint : texts.needs}
        checked={security.second_step}
        disabled={!canAsk}
        onChange={setWanted}
      />
      {wanted !== null && (
        <ProofDialog
          title={wanted ? texts.turnOn : texts.turnOff}
          text={wanted ? texts.onText : texts.offText}
          act={wanted ? texts.turnOn : texts.turnOff}
          tone={wanted ? "accent" : "danger"}
          proof={security}
          onAct={async (password) => {
            setCodes(await settings.setSecondStep(wanted, password));
            await onChanged();
          }}
          onClose={() => setWanted(null)}
        />
      )}
      {wanted === null && codes.length > 0 && (
        <RecoveryCodesDialog codes={codes} onClose={() => setCodes([])} />
      )}
    </>
  );
}
