import { LogOut } from "lucide-react";
import { useState } from "react";
import { useAnswer, useLookedAt } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Device } from "../../../model/security.ts";
import { Question } from "../../../ui/Question.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { Loaded } from "../Loaded.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { SettingsRow } from "../SettingsRow.tsx";
import { DeviceRow } from "./DeviceRow.tsx";

type Asking = { readonly type: "one"; readonly device: Device } | { readonly type: "others" | "all" } | null;

/** Where one is signed in, this device first. The list is read again whenever the page is looked at. */
export function DevicesPage({ onSignedOut }: { onSignedOut: () => void }) {
  const words = useWords();
  const client = useClient();
  const { account } = words;
  const texts = words.settings.sessions;
  const { answer, load } = useAnswer(client.settings.devices);
  const [asking, setAsking] = useState<Asking>(null);
  const stop = () => setAsking(null);
  useLookedAt(load);

  const signOut = async (work: Promise<void>) => {
    await work;
    showToast(texts.signedOut);
    await load();
  };
  return (
    <>
      <Loaded answer={answer} onRetry={load} rows={4} ofBlocks>
        {(devices) => {
          const here = devices.filter((device) => device.current);
          const others = devices.filter((device) => !device.current);
          return (
            <>
              <SettingsBlock title={texts.here}>
                <ul className="settings-rows" role="list" aria-label={texts.here}>
                  {here.map((device) => (
                    <DeviceRow key={device.id} device={device} />
                  ))}
                </ul>
                {others.length > 0 && (
                  <SettingsRow
                    icon={<LogOut />}
                    label={texts.signOutOthers}
                    tone="danger"
                    onPress={() => setAsking({ type: "others" })}
                  />
                )}
              </SettingsBlock>
              <SettingsBlock title={texts.others}>
                {others.length === 0 ? (
                  <p className="settings-none">{texts.none}</p>
                ) : (
                  <ul className="settings-rows" role="list" aria-label={texts.others}>
                    {others.map((device) => (
                      <DeviceRow
                        key={device.id}
                        device={device}
                        onSignOut={() => setAsking({ type: "one", device })}
                      />
                    ))}
                  </ul>
                )}
              </SettingsBlock>
            </>
          );
        }}
      </Loaded>
      <div className="settings-block settings-rows">
        <SettingsRow
          icon={<LogOut />}
          label={account.signOutEverywhere}
          tone="danger"
          onPress={() => setAsking({ type: "all" })}
        />
      </div>
      {asking?.type === "one" && (
        <Question
          title={texts.question(asking.device.name)}
          text={texts.questionText}
          act={texts.signOut}
          onAct={() => signOut(client.settings.signOutDevice(asking.device.id))}
          onClose={stop}
        />
      )}
      {asking?.type === "others" && (
        <Question
          title={texts.othersTitle}
          text={texts.othersText}
          act={texts.signOut}
          onAct={() => signOut(client.settings.signOutOthers())}
          onClose={stop}
        />
      )}
      {asking?.type === "all" && (
        <Question
          title={account.signOutEverywhereTitle}
          text={account.signOutEverywhereText}
          act={account.signOutEverywhere}
          onAct={async () => {
            await client.signOutEverywhere();
            onSignedOut();
          }}
          onClose={stop}
        />
      )}
    </>
  );
}
