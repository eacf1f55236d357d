import { useId, useState, type SubmitEvent } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { Button } from "../../ui/Button.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { PictureField } from "../../ui/PictureField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";
import { slowModes_s, slowModeText } from "./slow_mode.ts";

type EditDialogProps = { conversation: OwnConversation; onClose: () => void };

/** What a group or room is called, looks like and says of itself, for its owner. */
export function EditDialog({ conversation, onClose }: EditDialogProps) {
  const words = useWords();
  const client = useClient();
  const formId = useId();
  const { action, run, forget } = useAction();
  const [form, setForm] = useState({
    alias: conversation.alias ?? "",
    name: conversation.name ?? "",
    topic: conversation.topic ?? "",
    description: conversation.description ?? "",
  });
  const [slow_mode_s, setSlowMode] = useState(conversation.slow_mode_s);
  const { id, kind } = conversation;
  if (kind === "private") return null;

  const { edit } = words.gathering;
  const refusal = action.status === "refused" ? action.error : null;
  const faultOf = (field: keyof typeof form) => fieldSentenceOf(refusal, field, words);
  const isTold = (["alias", "name", "topic", "description"] as const).some(faultOf);
  const change = (changed: Partial<typeof form>) => {
    setForm({ ...form, ...changed });
    forget();
  };

  const save = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { currentTarget } = event;
    const alias = form.alias.trim();
    if (!alias) return;
    const room = { name: form.name.trim(), topic: form.topic.trim().toLocaleLowerCase() };
    void run(async () => {
      await client.updateConversation(id, {
        alias,
        description: form.description.trim(),
        ...(kind === "room" ? room : {}),
        slow_mode_s,
      });
      onClose();
    }).finally(() => focusFirstFault(currentTarget));
  };
  return (
    <Dialog
      title={words.about.editTitle[kind]}
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
      <PictureField
        id={id}
        name={form.alias}
        picture={conversation.picture}
        texts={words.settings.avatar}
        onTake={(picture, onProgress) => client.moderation.changePicture(id, picture, onProgress)}
        onRemove={() => client.moderation.removePicture(id)}
      />
      <form id={formId} className="about-form" noValidate onSubmit={save}>
        {refusal !== null && !isTold && (
          <p className="dialog-refusal" role="alert">
            {sentenceOf(refusal, words)}
          </p>
        )}
        <TextField
          label={words.about.name}
          maxLength={100}
          autoComplete="off"
          value={form.alias}
          onChange={(event) => change({ alias: event.target.value })}
          error={form.alias.trim() ? faultOf("alias") : words.newchat.nameMissing}
        />
        {kind === "room" && (
          <>
            <TextField
              label={edit.shortName}
              hint={edit.shortNameHint}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={form.name}
              onChange={(event) => change({ name: event.target.value })}
              error={faultOf("name")}
            />
            <TextField
              label={words.about.topic}
              autoComplete="off"
              autoCapitalize="none"
              value={form.topic}
              onChange={(event) => change({ topic: event.target.value })}
              error={faultOf("topic")}
            />
          </>
        )}
        <TextField
          multiline
          label={words.about.description}
          rows={3}
          maxLength={500}
          value={form.description}
          onChange={(event) => change({ description: event.target.value })}
          error={faultOf("description")}
        />
        <div>
          <p>{edit.slowMode}</p>
          <p className="about-row-soft">{edit.slowModeHint}</p>
          <div className="about-chips" role="group" aria-label={edit.slowMode}>
            {slowModes_s.map((seconds) => (
              <Chip key={seconds} pressed={seconds === slow_mode_s} onPress={() => setSlowMode(seconds)}>
                {slowModeText(seconds, words)}
              </Chip>
            ))}
          </div>
        </div>
      </form>
    </Dialog>
  );
}
