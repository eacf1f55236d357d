import { Plus, Smartphone, Trash2 } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { ProofDialog } from "../ProofDialog.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";
import type { SecurityBlockProps } from "./block.ts";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog.tsx";
import { TotpDialog } from "./TotpDialog.tsx";

type Step =
  | { readonly type: "proof" | "remove" }
  | { readonly type: "scan"; readonly secret: string; readonly uri: string }
  | { readonly type: "codes"; readonly codes: readonly string[] }
  | null;

/** The app on one's phone that shows codes. */
export function TotpBlock({ security, onChanged }: SecurityBlockProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.totp;
  const [step, setStep] = useState<Step>(null);
  /** Closes this step, unless it led on to the next. */
  const leave = (type: NonNullable<Step>["type"]) =>
    setStep((now) => (now?.type === type ? null : now));
  return (
    <div className="settings-rows">
      <SettingsFact
        icon={<Smartphone />}
        label={texts.title}
        hint={security.totp ? texts.on : texts.off}
      />
      {security.totp ? (
        <SettingsRow
          icon={<Trash2 />}
          label={texts.remove}
          tone="danger"
          onPress={() => setStep({ type: "remove" })}
        />
      ) : (
        <SettingsRow
          icon={<Plus />}
          label={texts.add}
          tone="accent"
          onPress={() => setStep({ type: "proof" })}
        />
      )}
      {step?.type === "proof" && (
        <ProofDialog
          title={texts.add}
          act={words.settings.continue}
          proof={security}
          onAct={async (password) => setStep({ type: "scan", ...(await settings.startTotp(password)) })}
          onClose={() => leave("proof")}
        />
      )}
      {step?.type === "scan" && (
        <TotpDialog
          secret={step.secret}
          uri={step.uri}
          onConfirmed={(codes) => {
            setStep({ type: "codes", codes });
            void onChanged();
          }}
          onClose={() => leave("scan")}
        />
      )}
      {step?.type === "codes" && (
        <RecoveryCodesDialog codes={step.codes} onClose={() => leave("codes")} />
      )}
      {step?.type === "remove" && (
        <ProofDialog
          title={texts.remove}
          text={texts.removeText}
          act={words.settings.remove}
          tone="danger"
          proof={security}
          onAct={async (password) => {
            await settings.removeTotp(password);
            await onChanged();
          }}
          onClose={() => leave("remove")}
        />
      )}
    </div>
  );
}
