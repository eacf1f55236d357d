import { UserRoundMinus, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { useRelations } from "../../../bindings/people.ts";
import { IconButton } from "../../../ui/IconButton.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { nameOf } from "../../../words/names.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { LoadingFailed, RowSkeletons } from "../Loaded.tsx";
import { SettingsRow } from "../SettingsRow.tsx";
import { AddContactDialog } from "./AddContactDialog.tsx";
import { PersonRow } from "./PersonRow.tsx";

/** The people one keeps; a press opens the chat with one of them. */
export function ContactList({ onOpen }: { onOpen: (conversationId: string) => void }) {
  const words = useWords();
  const client = useClient();
  const texts = words.settings.contacts;
  const { list, load } = useRelations("contacts");
  const [isAdding, setIsAdding] = useState(false);

  const orTell = async (work: Promise<void>) => {
    try {
      await work;
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  const talk = async (userId: string) => onOpen(await client.createPrivate(userId));

  if (list.status === "loading") return <RowSkeletons rows={3} />;
  if (list.status === "failed") return <LoadingFailed onRetry={load} />;
  const people = list.people.toSorted((one, other) =>
    nameOf(one, words).localeCompare(nameOf(other, words)),
  );
  return (
    <div className="settings-rows">
      <SettingsRow
        icon={<UserRoundPlus />}
        label={texts.add}
        tone="accent"
        onPress={() => setIsAdding(true)}
      />
      {people.length === 0 ? (
        <p className="settings-none">
          <b>{texts.empty}</b>
          {texts.emptyText}
        </p>
      ) : (
        <ul role="list" aria-label={texts.title}>
          {people.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              press={{
                label: texts.talk(nameOf(person, words)),
                onPress: () => void orTell(talk(person.id)),
              }}
            >
              <IconButton
                label={texts.remove(nameOf(person, words))}
                icon={<UserRoundMinus />}
                onClick={() => void orTell(client.settings.removeContact(person.id))}
              />
            </PersonRow>
          ))}
        </ul>
      )}
      {isAdding && <AddContactDialog onClose={() => setIsAdding(false)} />}
    </div>
  );
}
