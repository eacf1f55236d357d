import "./encryption.css";
import { CircleHelp, LockKeyhole, RotateCcw, ShieldCheck, ShieldX } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { openEncryptionDialog } from "../../../bindings/encryption_dialogs.ts";
import { useWords } from "../../../bindings/language.tsx";
import { useStanding } from "../../../bindings/sealed.ts";
import type { Standing } from "../../../model/encryption.ts";
import { Loaded, RowSkeletons } from "../Loaded.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";
import { AskingDialog } from "./AskingDialog.tsx";
import { RestoreBlock } from "./RestoreBlock.tsx";
import { StartOverDialog } from "./StartOverDialog.tsx";
import { WaysBlock } from "./WaysBlock.tsx";

/** How it stands with the keys for encrypted chats, how to get them here, and how to get them back one day. */
export function EncryptionPage() {
  const { encryption } = useWords();
  const standing = useStanding();
  const texts = encryption.settings;
  // It goes on while the keys arrive by it, and with them the page becomes another.
  const [asking, setAsking] = useState<"device" | "startOver" | null>(null);
  const stop = () => setAsking(null);
  const client = useClient();
  const { answer, load } = useAnswer(client.settings.security);
  return (
    <>
      <SettingsBlock>
        <div className="settings-rows">
          <StandingFact standing={standing} />
          {standing === "none" && (
            <SettingsRow
              icon={<LockKeyhole />}
              label={encryption.setUp.title}
              tone="accent"
              onPress={() => void openEncryptionDialog({ type: "setUp" })}
            />
          )}
          <SettingsRow
            icon={<CircleHelp />}
            label={encryption.learnMore}
            tone="accent"
            onPress={() => void openEncryptionDialog({ type: "explain" })}
          />
        </div>
      </SettingsBlock>
      {standing === "locked" && (
        <RestoreBlock onAskDevice={() => setAsking("device")} onStartOver={() => setAsking("startOver")} />
      )}
      {standing === "ready" && (
        <Loaded answer={answer} onRetry={() => void load()} rows={3} ofBlocks>
          {(proof) => <WaysBlock proof={proof} />}
        </Loaded>
      )}
      {standing === "ready" && (
        <div className="settings-block settings-rows">
          <SettingsRow
            icon={<RotateCcw />}
            label={texts.reset}
            hint={texts.resetHint}
            tone="danger"
            onPress={() => setAsking("startOver")}
          />
        </div>
      )}
      {asking === "device" && <AskingDialog onClose={stop} />}
      {asking === "startOver" && answer.status === "ready" && (
        <StartOverDialog proof={answer.value} onClose={stop} />
      )}
    </>
  );
}

function StandingFact({ standing }: { standing: Standing }) {
  const { encryption } = useWords();
  const texts = encryption.settings;
  if (standing === "unknown") return <RowSkeletons rows={1} />;
  const facts: Readonly<Record<Exclude<Standing, "unknown">, readonly [ReactNode, string, string]>> = {
    ready: [<ShieldCheck key="icon" className="encryption-mark-good" />, texts.ready, texts.readyHint],
    none: [<LockKeyhole key="icon" />, texts.fresh, texts.freshHint],
    locked: [<LockKeyhole key="icon" />, texts.locked, texts.lockedHint],
    unsupported: [<ShieldX key="icon" />, texts.unsupported, texts.unsupportedHint],
  };
  const [icon, label, hint] = facts[standing];
  return <SettingsFact icon={icon} label={label} hint={hint} />;
}
