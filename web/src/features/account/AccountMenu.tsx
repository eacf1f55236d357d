import { LogOut, Menu as MenuIcon, Moon, Settings, Sun } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useShownTheme } from "../../bindings/theme.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { Question } from "../../ui/Question.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

type AccountMenuProps = { onSettings: () => void; onSignedOut: () => void };

/** What concerns oneself and not one chat. */
export function AccountMenu({ onSettings, onSignedOut }: AccountMenuProps) {
  const words = useWords();
  const client = useClient();
  const theme = useShownTheme();
  const [isAsking, setIsAsking] = useState(false);
  const unsent = useStore(client.stores.outbox, ({ byConversation }) =>
    Object.values(byConversation).reduce((count, pending) => count + pending.length, 0),
  );

  const signOut = async () => {
    await client.signOut();
    onSignedOut();
  };
  const signOutOrAsk = () => {
    if (unsent > 0) setIsAsking(true);
    else signOut().catch((error: unknown) => showToast(sentenceOf(error, words)));
  };
  return (
    <>
      <Menu trigger={<IconButton label={words.account.menu} icon={<MenuIcon />} />}>
        <MenuItem icon={<Settings />} onSelect={onSettings}>
          {words.account.settings}
        </MenuItem>
        {theme === "day" ? (
          <MenuItem icon={<Moon />} onSelect={() => client.setTheme("night")}>
            {words.account.nightTheme}
          </MenuItem>
        ) : (
          <MenuItem icon={<Sun />} onSelect={() => client.setTheme("day")}>
            {words.account.dayTheme}
          </MenuItem>
        )}
        <MenuItem icon={<LogOut />} onSelect={signOutOrAsk}>
          {words.account.signOut}
        </MenuItem>
      </Menu>
      {isAsking && (
        <Question
          title={words.account.signOutTitle}
          text={words.account.signOutText(unsent)}
          act={words.account.signOut}
          onAct={signOut}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  );
}
