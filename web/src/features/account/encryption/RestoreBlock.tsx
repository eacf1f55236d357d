import { CircleOff, Fingerprint, MonitorSmartphone } from "lucide-react";
import { useStore } from "zustand";
import { useAction } from "../../../bindings/action.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { canUsePasskeys } from "../../../protocol/passkeys.ts";
import { showToast } from "../../../ui/toasts.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { SettingsRow } from "../SettingsRow.tsx";
import { RecoveryKeyForm } from "./RecoveryKeyForm.tsx";

type RestoreBlockProps = { onAskDevice: () => void; onStartOver: () => void };

/** Every way to get the keys onto this device, and what to do without any. */
export function RestoreBlock({ onAskDevice, onStartOver }: RestoreBlockProps) {
  const words = useWords();
  const client = useClient();
  const texts = words.encryption.restore;
  const { action, run } = useAction();
  const hasPasskey = useStore(client.stores.encryption, ({ wraps }) => wraps.some(({ kind }) => kind === "passkey"));
  const withPasskey = () =>
    run(async () => {
      await client.encryption.restoreWithPasskey();
      showToast(texts.done);
    });
  const refusal = action.status === "refused" ? action.error : null;
  return (
    <>
      <SettingsBlock title={texts.title} text={texts.text}>
        <RecoveryKeyForm />
        <div className="settings-rows">
          {hasPasskey && canUsePasskeys() && (
            <SettingsRow
              icon={<Fingerprint />}
              label={texts.byPasskey}
              hint={texts.byPasskeyHint}
              busy={action.status === "running"}
              onPress={() => void withPasskey()}
            />
          )}
          {refusal !== null && (
            <p className="dialog-refusal" role="alert">
              {refusal instanceof DOMException ? texts.passkeyGaveUp : sentenceOf(refusal, words)}
            </p>
          )}
          <SettingsRow
            icon={<MonitorSmartphone />}
            label={texts.byDevice}
            hint={texts.byDeviceHint}
            onPress={onAskDevice}
          />
        </div>
      </SettingsBlock>
      <div className="settings-block settings-rows">
        <SettingsRow
          icon={<CircleOff />}
          label={texts.none}
          hint={words.encryption.settings.resetHint}
          tone="danger"
          onPress={onStartOver}
        />
      </div>
    </>
  );
}
