import { Bell, LockKeyhole, LogOut, MonitorSmartphone, Palette, ShieldCheck, Star, UserRound, UserRoundCog } from "lucide-react";
import type { ReactNode } from "react";
import { useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Avatar } from "../../ui/Avatar.tsx";
import { Question } from "../../ui/Question.tsx";
import { settingsPages, type SettingsPage } from "./pages.ts";
import { SettingsRow } from "./SettingsRow.tsx";
import { useSignOut } from "./useSignOut.ts";

type SettingsHomeProps = {
  titles: Readonly<Record<SettingsPage, string>>;
  hrefOf: (page: SettingsPage) => string;
  onSignedOut: () => void;
};

const icons: Readonly<Record<SettingsPage, ReactNode>> = {
  profile: <UserRound />,
  starred: <Star />,
  notifications: <Bell />,
  privacy: <UserRoundCog />,
  security: <ShieldCheck />,
  encryption: <LockKeyhole />,
  devices: <MonitorSmartphone />,
  appearance: <Palette />,
};

/** Who one is here, and the ways to the pages. */
export function SettingsHome({ titles, hrefOf, onSignedOut }: SettingsHomeProps) {
  const words = useWords();
  const me = useMe();
  const signOut = useSignOut(onSignedOut);
  const { account, messages, settings } = words;
  const hints: Readonly<Record<SettingsPage, string>> = {
    profile: settings.home.profileHint,
    starred: messages.stars.hint,
    notifications: settings.home.noticesHint,
    privacy: settings.home.privacyHint,
    security: settings.home.securityHint,
    encryption: words.encryption.settings.hint,
    devices: settings.home.devicesHint,
    appearance: settings.home.appearanceHint,
  };
  return (
    <>
      <div className="settings-who">
        <Avatar id={me.id} name={me.display_name} picture={me.avatar} size="huge" />
        <p className="settings-name">{me.display_name}</p>
        {me.username && <p className="settings-soft">@{me.username}</p>}
        {me.email && <p className="settings-soft">{me.email}</p>}
      </div>
      <nav className="settings-block settings-rows" aria-label={account.settings}>
        {settingsPages.map((page) => (
          <SettingsRow
            key={page}
            icon={icons[page]}
            label={titles[page]}
            hint={hints[page]}
            href={hrefOf(page)}
          />
        ))}
      </nav>
      <div className="settings-block settings-rows">
        <SettingsRow icon={<LogOut />} label={account.signOut} tone="danger" onPress={signOut.start} />
      </div>
      {signOut.question && (
        <Question
          title={account.signOutTitle}
          text={account.signOutText(signOut.question.unsent)}
          act={account.signOut}
          onAct={signOut.question.onAct}
          onClose={signOut.question.onClose}
        />
      )}
    </>
  );
}
