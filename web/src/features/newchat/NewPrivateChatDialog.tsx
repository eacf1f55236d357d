import "./newchat.css";
import { useState } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { usePeopleFinder } from "../../bindings/people.ts";
import type { User } from "../../model/user.ts";
import { PeopleField } from "../../ui/PeopleField.tsx";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";
import { CreateForm } from "./CreateForm.tsx";
import { EncryptionSwitch } from "./EncryptionSwitch.tsx";
import type { NewChatDialogProps } from "./NewChatDialog.tsx";

export function NewPrivateChatDialog({ onClose, onCreated, restoreHref }: NewChatDialogProps) {
  const client = useClient();
  const words = useWords();
  const { action, run } = useAction();
  const finder = usePeopleFinder();
  const [people, setPeople] = useState<readonly User[]>([]);
  const [encrypted, setEncrypted] = useState(false);
  const [tried, setTried] = useState(false);

  const refusal = action.status === "refused" ? action.error : null;
  const person = people[0];
  const fault =
    (tried && !person ? words.newchat.personMissing : undefined) ??
    fieldSentenceOf(refusal, "user_ids", words);

  const submit = () => {
    setTried(true);
    if (person) void run(async () => onCreated(await client.createPrivate(person.id, { encrypted })));
  };

  return (
    <CreateForm
      title={words.newchat.private}
      text={words.newchat.privateText}
      busy={action.status === "running"}
      refusal={refusal !== null && !fault ? sentenceOf(refusal, words) : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      <PeopleField {...finder} single chosen={people} onChange={setPeople} error={fault} />
      <EncryptionSwitch kind="private" checked={encrypted} onChange={setEncrypted} restoreHref={restoreHref} />
    </CreateForm>
  );
}
