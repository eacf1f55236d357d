import { Bell, Check } from "lucide-react";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import type { Notify, OwnConversation } from "../../model/conversation.ts";
import { isMuted, isMutedForEver } from "../../model/keeping.ts";
import { chatTime } from "../../model/times.ts";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

const choices: readonly (Notify | null)[] = [null, "all", "mentions", "nothing"];

/** Of what in this chat one is notified. */
export function NotifyBlock({ conversation }: { conversation: OwnConversation }) {
  const { words, locale } = useLanguage();
  const client = useClient();
  const now = useNow();
  const { notify } = words.gathering;
  const { preferences } = conversation;
  const wordOf = (choice: Notify | null) => (choice === null ? notify.asSettings : notify[choice]);

  const choose = (choice: Notify | null) =>
    void client
      .keep(conversation.id, { notify: choice })
      .catch((error: unknown) => showToast(sentenceOf(error, words)));

  const shown = () => {
    if (!isMuted(preferences, now)) return wordOf(preferences.notify);
    if (isMutedForEver(preferences)) return notify.mutedForEver;
    return notify.mutedUntil(chatTime(preferences.muted_until ?? "", now, locale));
  };
  return (
    <Menu
      trigger={
        <button type="button" className="about-entry">
          <Bell aria-hidden="true" />
          <span className="about-row-text">
            <span>{notify.title}</span>
            <span className="about-row-soft">{shown()}</span>
          </span>
        </button>
      }
    >
      {choices.map((choice) => (
        <MenuItem
          key={choice}
          icon={choice === preferences.notify ? <Check /> : <span className="about-no-icon" />}
          onSelect={() => choose(choice)}
        >
          {wordOf(choice)}
        </MenuItem>
      ))}
    </Menu>
  );
}
