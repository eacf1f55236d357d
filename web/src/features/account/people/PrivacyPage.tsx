import { useStore } from "zustand";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Switch } from "../../../ui/Switch.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";
import { BlockedList } from "./BlockedList.tsx";
import { ContactList } from "./ContactList.tsx";

/** Who sees one, who is kept, and who is kept away. */
export function PrivacyPage({ onOpen }: { onOpen: (conversationId: string) => void }) {
  const { account, settings } = useWords();
  const client = useClient();
  const hidden = useStore(client.stores.preferences, (preferences) => preferences.hidden);
  return (
    <>
      <SettingsBlock>
        <Switch
          label={account.showOnline}
          hint={account.showOnlineHint}
          checked={!hidden}
          onChange={(shown) => client.setHidden(!shown)}
        />
      </SettingsBlock>
      <SettingsBlock title={settings.contacts.title}>
        <ContactList onOpen={onOpen} />
      </SettingsBlock>
      <SettingsBlock title={settings.blocked.title} text={settings.blocked.text}>
        <BlockedList />
      </SettingsBlock>
    </>
  );
}
