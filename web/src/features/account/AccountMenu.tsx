import { LogOut, Menu as MenuIcon, Moon, Settings, Sun } from "lucide-react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useShownTheme } from "../../bindings/theme.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { Question } from "../../ui/Question.tsx";
import { useSignOut } from "./useSignOut.ts";

type AccountMenuProps = { onSettings: () => void; onSignedOut: () => void };

/** What concerns oneself and not one chat. */
export function AccountMenu({ onSettings, onSignedOut }: AccountMenuProps) {
  const words = useWords();
  const client = useClient();
  const theme = useShownTheme();
  const signOut = useSignOut(onSignedOut);
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
        <MenuItem icon={<LogOut />} onSelect={signOut.start}>
          {words.account.signOut}
        </MenuItem>
      </Menu>
      {signOut.question && (
        <Question
          title={words.account.signOutTitle}
          text={words.account.signOutText(signOut.question.unsent)}
          act={words.account.signOut}
          onAct={signOut.question.onAct}
          onClose={signOut.question.onClose}
        />
      )}
    </>
  );
}
