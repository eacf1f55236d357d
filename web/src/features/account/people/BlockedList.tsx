import { Ban } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { useRelations } from "../../../bindings/people.ts";
import type { User } from "../../../model/user.ts";
import { Button } from "../../../ui/Button.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { nameOf } from "../../../words/names.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { LoadingFailed, RowSkeletons } from "../Loaded.tsx";
import { SettingsRow } from "../SettingsRow.tsx";
import { BlockDialog } from "./BlockDialog.tsx";
import { PersonRow } from "./PersonRow.tsx";

/** The people one keeps away. */
export function BlockedList() {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.blocked;
  const { list, load } = useRelations("blocked");
  const [isAdding, setIsAdding] = useState(false);

  const unblock = async (person: User) => {
    try {
      await settings.unblock(person.id);
      showToast(texts.unblockedNow(nameOf(person, words)));
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };

  if (list.status === "loading") return <RowSkeletons rows={2} />;
  if (list.status === "failed") return <LoadingFailed onRetry={load} />;
  return (
    <div className="settings-rows">
      <SettingsRow icon={<Ban />} label={texts.add} tone="accent" onPress={() => setIsAdding(true)} />
      {list.people.length === 0 ? (
        <p className="settings-none">{texts.empty}</p>
      ) : (
        <ul role="list" aria-label={texts.title}>
          {list.people.map((person) => (
            <PersonRow key={person.id} person={person}>
              <Button
                aria-label={texts.unblockName(nameOf(person, words))}
                onClick={() => void unblock(person)}
              >
                {texts.unblock}
              </Button>
            </PersonRow>
          ))}
        </ul>
      )}
      {isAdding && (
        <BlockDialog
          except={new Set(list.people.map((person) => person.id))}
          onClose={() => setIsAdding(false)}
        />
      )}
    </div>
  );
}
