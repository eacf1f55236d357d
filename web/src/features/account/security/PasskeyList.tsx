import { Ellipsis, Fingerprint, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useLanguage } from "../../../bindings/language.tsx";
import { useNow } from "../../../bindings/now.ts";
import type { Passkey } from "../../../model/security.ts";
import { relativeTime } from "../../../model/times.ts";
import { canUsePasskeys } from "../../../protocol/passkeys.ts";
import { IconButton } from "../../../ui/IconButton.tsx";
import { Menu, MenuItem } from "../../../ui/Menu.tsx";
import { ProofDialog } from "../ProofDialog.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";
import { AddPasskeyDialog } from "./AddPasskeyDialog.tsx";
import type { SecurityBlockProps } from "./block.ts";
import { RenamePasskeyDialog } from "./RenamePasskeyDialog.tsx";

type Asking =
  | { readonly type: "add" }
  | { readonly type: "rename" | "remove"; readonly passkey: Passkey }
  | null;

export function PasskeyList({ security, onChanged }: SecurityBlockProps) {
  const { words, locale } = useLanguage();
  const { settings } = useClient();
  const now = useNow();
  const texts = words.settings.passkeys;
  const [asking, setAsking] = useState<Asking>(null);
  const stop = () => setAsking(null);
  const usedLast = ({ last_used_at }: Passkey) =>
    last_used_at === null ? texts.unused : texts.lastUsed(relativeTime(last_used_at, now, locale));

  return (
    <div className="settings-rows">
      {security.passkeys.length === 0 ? (
        <p className="settings-none">{texts.empty}</p>
      ) : (
        <ul role="list" aria-label={texts.title}>
          {security.passkeys.map((passkey) => (
            <li key={passkey.id} aria-label={passkey.name}>
              <SettingsFact icon={<Fingerprint />} label={passkey.name} hint={usedLast(passkey)}>
                <Menu
                  align="end"
                  trigger={<IconButton label={texts.actions(passkey.name)} icon={<Ellipsis />} />}
                >
                  <MenuItem
                    icon={<Pencil />}
                    onSelect={() => setAsking({ type: "rename", passkey })}
                  >
                    {texts.rename}
                  </MenuItem>
                  <MenuItem
                    icon={<Trash2 />}
                    tone="danger"
                    onSelect={() => setAsking({ type: "remove", passkey })}
                  >
                    {texts.remove}
                  </MenuItem>
                </Menu>
              </SettingsFact>
            </li>
          ))}
        </ul>
      )}
      {canUsePasskeys() ? (
        <SettingsRow
          icon={<Plus />}
          label={texts.add}
          tone="accent"
          onPress={() => setAsking({ type: "add" })}
        />
      ) : (
        <p className="settings-none">{texts.unsupported}</p>
      )}
      {asking?.type === "add" && (
        <AddPasskeyDialog proof={security} onClose={stop} onAdded={onChanged} />
      )}
      {asking?.type === "rename" && (
        <RenamePasskeyDialog passkey={asking.passkey} onClose={stop} onRenamed={onChanged} />
      )}
      {asking?.type === "remove" && (
        <ProofDialog
          title={texts.removeTitle(asking.passkey.name)}
          text={texts.removeText}
          act={texts.remove}
          tone="danger"
          proof={security}
          onAct={async (password) => {
            await settings.removePasskey(asking.passkey.id, password);
            await onChanged();
          }}
          onClose={stop}
        />
      )}
    </div>
  );
}
