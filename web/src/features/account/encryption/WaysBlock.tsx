import { Ellipsis, Fingerprint, KeyRound, Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { useClient } from "../../../bindings/client.tsx";
import { openEncryptionDialog } from "../../../bindings/encryption_dialogs.ts";
import { useLanguage } from "../../../bindings/language.tsx";
import type { Wrap } from "../../../model/encryption.ts";
import { momentText } from "../../../model/times.ts";
import { canUsePasskeys } from "../../../protocol/passkeys.ts";
import { IconButton } from "../../../ui/IconButton.tsx";
import { Menu, MenuItem } from "../../../ui/Menu.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { ProofDialog, type Proof } from "../ProofDialog.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";

type Asking = { readonly type: "newKey" } | { readonly type: "remove"; readonly wrap: Wrap } | null;

/** The ways in which a person gets their keys back; there is always one at least. */
export function WaysBlock({ proof }: { proof: Proof }) {
  const { words, locale } = useLanguage();
  const { encryption, stores } = useClient();
  const wraps = useStore(stores.encryption, (state) => state.wraps);
  const [asking, setAsking] = useState<Asking>(null);
  const stop = () => setAsking(null);
  const texts = words.encryption.settings;
  const nameOf = ({ kind, label }: Wrap) => label ?? texts[kind];
  return (
    <SettingsBlock title={texts.ways} text={texts.waysText}>
      <div className="settings-rows">
        <ul role="list" aria-label={texts.ways}>
          {wraps.map((wrap) => (
            <li key={wrap.id} aria-label={nameOf(wrap)}>
              <SettingsFact
                icon={wrap.kind === "recovery" ? <KeyRound /> : <Fingerprint />}
                label={nameOf(wrap)}
                hint={texts.made(momentText(wrap.inserted_at, locale))}
              >
                {wraps.length > 1 && (
                  <Menu align="end" trigger={<IconButton label={texts.actions(nameOf(wrap))} icon={<Ellipsis />} />}>
                    <MenuItem icon={<Trash2 />} tone="danger" onSelect={() => setAsking({ type: "remove", wrap })}>
                      {texts.remove}
                    </MenuItem>
                  </Menu>
                )}
              </SettingsFact>
            </li>
          ))}
        </ul>
        <SettingsRow
          icon={<RefreshCw />}
          label={texts.newKey}
          tone="accent"
          onPress={() => setAsking({ type: "newKey" })}
        />
        {canUsePasskeys() && (
          <SettingsRow
            icon={<Plus />}
            label={texts.addPasskey}
            tone="accent"
            onPress={() => void openEncryptionDialog({ type: "addPasskey" })}
          />
        )}
      </div>
      {asking?.type === "newKey" && (
        <ProofDialog
          title={texts.newKey}
          text={texts.newKeyText}
          act={texts.newKeyAct}
          proof={proof}
          onAct={async (password) => {
            const { recoveryKey } = await encryption.renewRecoveryKey(password);
            void openEncryptionDialog({ type: "key", recoveryKey });
          }}
          onClose={stop}
        />
      )}
      {asking?.type === "remove" && (
        <ProofDialog
          title={texts.removeTitle(nameOf(asking.wrap))}
          text={texts.removeText}
          act={texts.remove}
          tone="danger"
          proof={proof}
          onAct={async (password) => {
            await encryption.removeWrap(asking.wrap.id, password);
            showToast(texts.removed);
          }}
          onClose={stop}
        />
      )}
    </SettingsBlock>
  );
}
