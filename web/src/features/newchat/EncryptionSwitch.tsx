import { useState } from "react";
import { Link } from "wouter";
import { openEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { useWords } from "../../bindings/language.tsx";
import { useStanding } from "../../bindings/sealed.ts";
import { Switch } from "../../ui/Switch.tsx";

type EncryptionSwitchProps = {
  kind: "private" | "group";
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Where this device gets the keys that it lacks. */
  restoreHref: string;
};

/** Whether what is about to be made is encrypted. Who has no keys yet gets them on the way. */
export function EncryptionSwitch({ kind, checked, onChange, restoreHref }: EncryptionSwitchProps) {
  const { encryption } = useWords();
  const standing = useStanding();
  const [isLockedTold, setIsLockedTold] = useState(false);
  const texts = encryption.newchat;

  const change = async (isWanted: boolean) => {
    if (!isWanted || standing === "ready") onChange(isWanted);
    else if (standing === "none") onChange(await openEncryptionDialog({ type: "setUp" }));
    else setIsLockedTold(true);
  };
  return (
    <div className="encryption-choice">
      <Switch
        label={encryption.label}
        hint={standing === "unsupported" ? texts.unsupported : texts[kind]}
        checked={checked}
        disabled={standing === "unsupported" || standing === "unknown"}
        onChange={(isWanted) => void change(isWanted)}
      />
      {isLockedTold && standing === "locked" && (
        <p className="encryption-choice-locked" role="alert">
          {texts.locked} <Link href={restoreHref}>{texts.restore}</Link>
        </p>
      )}
    </div>
  );
}
