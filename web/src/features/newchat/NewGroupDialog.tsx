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
import { EncryptionSwitch } from "./EncryptionSwitch.tsx";
import type { NewChatDialogProps } from "./NewChatDialog.tsx";
import { PictureChoice } from "./PictureChoice.tsx";
import { usePictureLater } from "./usePictureLater.ts";

export function NewGroupDialog({ onClose, onCreated, restoreHref }: NewChatDialogProps) {
  const client = useClient();
  const words = useWords();
  const { action, run, forget } = useAction();
  const finder = usePeopleFinder();
  const [name, setName] = useState("");
  const [people, setPeople] = useState<readonly User[]>([]);
  const [description, setDescription] = useState("");
  const [encrypted, setEncrypted] = useState(false);
  const later = usePictureLater();
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
    const told = description.trim();
    void run(async () => {
      const id = await client.createGroup({ alias, user_ids, encrypted, ...(told ? { description: told } : {}) });
      await later.sendTo(id);
      onCreated(id);
    });
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
      <PictureChoice picture={later.picture} onChange={later.setPicture} />
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
      <TextField
        multiline
        label={words.newchat.description}
        rows={2}
        maxLength={500}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <PeopleField {...finder} chosen={people} onChange={setPeople} error={peopleFault} />
      <EncryptionSwitch kind="group" checked={encrypted} onChange={setEncrypted} restoreHref={restoreHref} />
    </CreateForm>
  );
}
