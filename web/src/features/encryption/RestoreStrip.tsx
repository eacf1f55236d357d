import { LockKeyhole } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { openEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { useWords } from "../../bindings/language.tsx";
import { useStanding } from "../../bindings/sealed.ts";
import { Button } from "../../ui/Button.tsx";
import { Strip } from "../../ui/Strip.tsx";

/** Over the list of chats: leads to the keys for the encrypted ones, where this device has none for them. */
export function RestoreStrip({ restoreHref }: { restoreHref: string }) {
  const words = useWords();
  const client = useClient();
  const standing = useStanding();
  const [isPutOff, setIsPutOff] = useState(false);
  const hasSealed = useStore(client.stores.conversations, ({ byId }) =>
    Object.values(byId).some((conversation) => conversation.encrypted),
  );
  const isNeeded = standing === "locked" || (standing === "none" && hasSealed);
  if (!isNeeded || isPutOff) return null;
  const texts = words.encryption.strip;
  return (
    <Strip
      label={texts.region}
      icon={<LockKeyhole aria-hidden="true" />}
      tone="accent"
      putOffLabel={texts.later}
      onPutOff={() => setIsPutOff(true)}
    >
      <p>
        <b>{standing === "locked" ? texts.locked : texts.fresh}</b>
        <span>{standing === "locked" ? texts.lockedText : texts.freshText}</span>
      </p>
      {standing === "locked" ? (
        <Link className="button button-plain" href={restoreHref}>
          {texts.restore}
        </Link>
      ) : (
        <Button onClick={() => void openEncryptionDialog({ type: "setUp" })}>{texts.setUp}</Button>
      )}
    </Strip>
  );
}
