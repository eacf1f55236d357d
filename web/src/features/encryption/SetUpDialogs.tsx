import "./encryption.css";
import { Fingerprint, KeyRound } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { canUsePasskeys } from "../../protocol/passkeys.ts";
import { showToast } from "../../ui/toasts.ts";
import { AddPasskeyDialog } from "./AddPasskeyDialog.tsx";
import type { ClosableProps } from "./EncryptionDialogs.tsx";
import { RecoveryKeyDialog } from "./RecoveryKeyDialog.tsx";
import { Step } from "./Step.tsx";

type At = { readonly step: "lead" | "passkey" } | { readonly step: "key"; readonly recoveryKey: string };

/** What encryption is, the recovery key, and a passkey too for those who like. */
export function SetUpDialogs({ onClose }: ClosableProps) {
  const words = useWords();
  const client = useClient();
  const texts = words.encryption.setUp;
  const [at, setAt] = useState<At>({ step: "lead" });
  const finish = () => {
    showToast(texts.done);
    onClose(true);
  };
  switch (at.step) {
    case "lead":
      return (
        <Step
          title={texts.title}
          text={texts.lead}
          act={words.settings.continue}
          onAct={async () => setAt({ step: "key", recoveryKey: (await client.encryption.setUp()).recoveryKey })}
          onClose={() => onClose(false)}
        >
          <p>{texts.why}</p>
          <ul className="encryption-ways" role="list">
            <Way icon={<KeyRound />} name={texts.recovery} hint={texts.recoveryHint} />
            {canUsePasskeys() && <Way icon={<Fingerprint />} name={texts.passkey} hint={texts.passkeyHint} />}
          </ul>
        </Step>
      );
    case "key":
      return (
        <RecoveryKeyDialog
          recoveryKey={at.recoveryKey}
          onDone={() => (canUsePasskeys() ? setAt({ step: "passkey" }) : finish())}
        />
      );
    case "passkey":
      return <AddPasskeyDialog isExtra onClose={finish} />;
  }
}

function Way({ icon, name, hint }: { icon: ReactNode; name: string; hint: string }) {
  return (
    <li className="encryption-way">
      <span aria-hidden="true">{icon}</span>
      <span className="encryption-way-text">
        <b>{name}</b>
        <span>{hint}</span>
      </span>
    </li>
  );
}
