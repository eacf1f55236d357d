import { Moon, Sun, SunMoon } from "lucide-react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { Slider } from "../../ui/Slider.tsx";
import { SettingsBlock } from "./SettingsFrame.tsx";

const smallest = 0.7;
const largest = 1.4;

/** How one sees. */
export function AppearancePage() {
  const { account } = useWords();
  const client = useClient();
  const preferences = useStore(client.stores.preferences);
  return (
    <>
      <SettingsBlock title={account.theme}>
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
      </SettingsBlock>
      <SettingsBlock>
        <Slider
          label={account.textSize}
          min={smallest}
          max={largest}
          step={0.05}
          value={preferences.magnification}
          shown={`${Math.round(preferences.magnification * 100)} %`}
          onChange={(magnification) => client.setMagnification(magnification)}
        />
      </SettingsBlock>
    </>
  );
}
