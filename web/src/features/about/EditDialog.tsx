import { useId, useState, type SubmitEvent } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";

type EditDialogProps = { conversation: OwnConversation; onClose: () => void };

/** Name and description of a group or room, for its owner. */
export function EditDialog({ conversation, onClose }: EditDialogProps) {
  const words = useWords();
  const client = useClient();
  const formId = useId();
  const { action, run } = useAction();
  const [name, setName] = useState(conversation.alias ?? "");
  const [description, setDescription] = useState(conversation.description ?? "");
  if (conversation.kind === "private") return null;

  const refusal = action.status === "refused" ? action.error : null;
  const descriptionFault = fieldSentenceOf(refusal, "description", words);
  const nameFault =
    (name.trim() ? undefined : words.newchat.nameMissing) ??
    fieldSentenceOf(refusal, "alias", words) ??
    (refusal !== null && !descriptionFault ? sentenceOf(refusal, words) : undefined);

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    const edit = { alias: name.trim(), description: description.trim() };
    void run(async () => {
      await client.updateConversation(conversation.id, edit);
      onClose();
    });
  };
  return (
    <Dialog
      title={words.about.editTitle[conversation.kind]}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" form={formId} tone="accent" busy={action.status === "running"}>
            {words.save}
          </Button>
        </>
      }
    >
      <form id={formId} className="about-form" noValidate onSubmit={save}>
        <TextField
          label={words.about.name}
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={nameFault}
        />
        <TextField
          multiline
          label={words.about.description}
          rows={3}
          maxLength={500}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
          error={descriptionFault}
        />
      </form>
    </Dialog>
  );
}
