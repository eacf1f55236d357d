import "./newchat.css";
import { useState } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { usePeopleFinder } from "../../bindings/people.ts";
import type { User } from "../../model/user.ts";
import { PeopleField } from "../../ui/PeopleField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";
import { CreateForm } from "./CreateForm.tsx";
import type { NewChatDialogProps } from "./NewChatDialog.tsx";

export function NewGroupDialog({ onClose, onCreated }: NewChatDialogProps) {
  const client = useClient();
  const words = useWords();
  const { action, run, forget } = useAction();
  const finder = usePeopleFinder();
  const [name, setName] = useState("");
  const [people, setPeople] = useState<readonly User[]>([]);
  const [tried, setTried] = useState(false);

  const refusal = action.status === "refused" ? action.error : null;
  const nameFault =
    (tried && !name.trim() ? words.newchat.nameMissing : undefined) ??
    fieldSentenceOf(refusal, "alias", words);
  const peopleFault = fieldSentenceOf(refusal, "user_ids", words);

  const submit = () => {
    setTried(true);
    const alias = name.trim();
    if (!alias) return;
    const user_ids = people.map((person) => person.id);
    void run(async () => onCreated(await client.createGroup({ alias, user_ids })));
  };

  return (
    <CreateForm
      title={words.newchat.group}
      text={words.newchat.groupText}
      busy={action.status === "running"}
      refusal={refusal !== null && !nameFault && !peopleFault ? sentenceOf(refusal, words) : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={words.newchat.name}
        maxLength={100}
        autoComplete="off"
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          forget();
        }}
        error={nameFault}
      />
      <PeopleField {...finder} chosen={people} onChange={setPeople} error={peopleFault} />
    </CreateForm>
  );
}
