import { Link2, Link2Off } from "lucide-react";
import { useCallback, useState } from "react";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Identity, Provider } from "../../../model/security.ts";
import { Button } from "../../../ui/Button.tsx";
import { Question } from "../../../ui/Question.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { Loaded } from "../Loaded.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { SettingsFact } from "../SettingsRow.tsx";
import { withOffers } from "./offers.ts";

/** Accounts elsewhere that let one in; nothing at all where this server knows no providers. */
export function IdentityList({ onChanged }: { onChanged: () => Promise<void> }) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.connected;
  const ask = useCallback(
    async () => withOffers(await settings.identities(), await settings.offeredProviders()),
    [settings],
  );
  const { answer, load } = useAnswer(ask);
  const [leaving, setLeaving] = useState<Identity | null>(null);
  const [going, setGoing] = useState<string | null>(null);
  if (answer.status === "ready" && answer.value.length === 0) return null;

  const connect = async (provider: Provider) => {
    setGoing(provider.id);
    try {
      location.assign(await settings.connect(provider.id));
    } catch (error) {
      setGoing(null);
      showToast(sentenceOf(error, words));
    }
  };
  return (
    <SettingsBlock title={texts.title} text={texts.text}>
      <Loaded answer={answer} onRetry={load} rows={2}>
        {(offers) => (
          <ul className="settings-rows" role="list" aria-label={texts.title}>
            {offers.map(({ provider, identity }) => (
              <li key={provider.id} aria-label={provider.title}>
                <SettingsFact
                  icon={identity ? <Link2 /> : <Link2Off />}
                  label={provider.title}
                  hint={identity ? identity.email : texts.off}
                >
                  {identity ? (
                    <Button
                      tone="danger-plain"
                      aria-label={texts.disconnectFrom(provider.title)}
                      onClick={() => setLeaving(identity)}
                    >
                      {texts.disconnect}
                    </Button>
                  ) : (
                    <Button
                      aria-label={texts.connectTo(provider.title)}
                      busy={going === provider.id}
                      onClick={() => void connect(provider)}
                    >
                      {texts.connect}
                    </Button>
                  )}
                </SettingsFact>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {leaving && (
        <Question
          title={texts.question(leaving.title)}
          text={texts.questionText}
          act={texts.disconnect}
          onAct={async () => {
            await settings.disconnect(leaving.provider);
            await Promise.all([load(), onChanged()]);
          }}
          onClose={() => setLeaving(null)}
        />
      )}
    </SettingsBlock>
  );
}
