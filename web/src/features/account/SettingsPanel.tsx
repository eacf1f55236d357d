import { useWords } from "../../bindings/language.tsx";
import { AppearancePage } from "./AppearancePage.tsx";
import { DevicesPage } from "./devices/DevicesPage.tsx";
import { EncryptionPage } from "./encryption/EncryptionPage.tsx";
import type { SettingsPage } from "./pages.ts";
import { NoticesPage } from "./notices/NoticesPage.tsx";
import { PrivacyPage } from "./people/PrivacyPage.tsx";
import { ProfilePage } from "./profile/ProfilePage.tsx";
import { SecurityPage } from "./security/SecurityPage.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";
import { SettingsHome } from "./SettingsHome.tsx";
import { StarredPage } from "./starred/StarredPage.tsx";

type SettingsPanelProps = {
  /** Null: the list of the pages. */
  page: SettingsPage | null;
  hrefOf: (page: SettingsPage) => string;
  /** From a page to the list, from the list to the chats. */
  onBack: () => void;
  onOpen: (conversationId: string) => void;
  onSignedOut: () => void;
};

/** How one is seen, how one sees, and who gets in. */
export function SettingsPanel({ page, hrefOf, onBack, onOpen, onSignedOut }: SettingsPanelProps) {
  const words = useWords();
  const { account, messages, settings } = words;
  const titles = {
    profile: account.profile,
    starred: messages.stars.title,
    notifications: settings.notices.title,
    privacy: settings.privacy,
    security: settings.security,
    encryption: words.encryption.settings.title,
    devices: settings.devices,
    appearance: account.appearance,
  };
  return (
    <SettingsFrame
      key={page ?? "home"}
      title={page === null ? account.settings : titles[page]}
      onBack={onBack}
    >
      {page === null && <SettingsHome titles={titles} hrefOf={hrefOf} onSignedOut={onSignedOut} />}
      {page === "profile" && <ProfilePage onSignedOut={onSignedOut} />}
      {page === "starred" && <StarredPage onOpen={onOpen} />}
      {page === "notifications" && <NoticesPage />}
      {page === "privacy" && <PrivacyPage onOpen={onOpen} />}
      {page === "security" && <SecurityPage />}
      {page === "encryption" && <EncryptionPage />}
      {page === "devices" && <DevicesPage onSignedOut={onSignedOut} />}
      {page === "appearance" && <AppearancePage />}
    </SettingsFrame>
  );
}
