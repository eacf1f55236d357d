import "./settings.css";
import { ArrowLeft, LogOut, Moon, Sun, SunMoon } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Avatar } from "../../ui/Avatar.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Question } from "../../ui/Question.tsx";
import { Slider } from "../../ui/Slider.tsx";
import { Switch } from "../../ui/Switch.tsx";
import { ProfileForm } from "./ProfileForm.tsx";

const smallest = 0.7;
const largest = 1.4;

type SettingsPanelProps = { onBack: () => void; onSignedOut: () => void };

/** How one is seen, and how one sees. */
export function SettingsPanel({ onBack, onSignedOut }: SettingsPanelProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const preferences = useStore(client.stores.preferences);
  const [isAsking, setIsAsking] = useState(false);
  const { account } = words;

  return (
    <section className="settings" aria-label={account.settings}>
      <header className="settings-header">
        <IconButton label={words.back} icon={<ArrowLeft />} onClick={onBack} />
        <h2>{account.settings}</h2>
      </header>
      <div className="settings-scroll">
        <div className="settings-who">
          <Avatar id={me.id} name={me.display_name} picture={me.avatar} size="huge" />
          <p className="settings-name">{me.display_name}</p>
          {me.email && <p className="settings-email">{me.email}</p>}
        </div>
        <div className="settings-block">
          <h3>{account.profile}</h3>
          <ProfileForm me={me} />
        </div>
        <div className="settings-block">
          <h3>{account.appearance}</h3>
          <Choice
            label={account.theme}
            options={[
              { value: "day", label: account.day, icon: <Sun /> },
              { value: "night", label: account.night, icon: <Moon /> },
              { value: "auto", label: account.auto, icon: <SunMoon /> },
            ]}
            value={preferences.theme}
            onChange={(theme) => client.setTheme(theme)}
          />
          <Slider
            label={account.textSize}
            min={smallest}
            max={largest}
            step={0.05}
            value={preferences.magnification}
            shown={`${Math.round(preferences.magnification * 100)} %`}
            onChange={(magnification) => client.setMagnification(magnification)}
          />
        </div>
        <div className="settings-block">
          <h3>{account.privacy}</h3>
          <Switch
            label={account.showOnline}
            hint={account.showOnlineHint}
            checked={!preferences.hidden}
            onChange={(shown) => client.setHidden(!shown)}
          />
        </div>
        <div className="settings-block">
          <h3>{account.sessions}</h3>
          <button type="button" className="settings-act" onClick={() => setIsAsking(true)}>
            <LogOut />
            {account.signOutEverywhere}
          </button>
        </div>
      </div>
      {isAsking && (
        <Question
          title={account.signOutEverywhereTitle}
          text={account.signOutEverywhereText}
          act={account.signOutEverywhere}
          onAct={async () => {
            await client.signOutEverywhere();
            onSignedOut();
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
    </section>
  );
}
