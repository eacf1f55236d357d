import "./newchat.css";
import { useEffect, useState } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";
import { CreateForm } from "./CreateForm.tsx";
import type { NewChatDialogProps } from "./NewChatDialog.tsx";
import { PictureChoice } from "./PictureChoice.tsx";
import { usePictureLater } from "./usePictureLater.ts";

export function NewRoomDialog({ onClose, onCreated }: NewChatDialogProps) {
  const client = useClient();
  const words = useWords();
  const { action, run, forget } = useAction();
  const [form, setForm] = useState({ name: "", topic: "", description: "" });
  const [tried, setTried] = useState(false);
  const topics = useTopics();
  const later = usePictureLater();

  const refusal = action.status === "refused" ? action.error : null;
  const nameFault =
    (tried && !form.name.trim() ? words.newchat.nameMissing : undefined) ??
    fieldSentenceOf(refusal, "alias", words) ??
    fieldSentenceOf(refusal, "name", words);
  const topicFault =
    (tried && !form.topic.trim() ? words.newchat.topicMissing : undefined) ??
    fieldSentenceOf(refusal, "topic", words);
  const descriptionFault = fieldSentenceOf(refusal, "description", words);
  const isTold = nameFault ?? topicFault ?? descriptionFault;

  const change = (edit: Partial<typeof form>) => {
    setForm({ ...form, ...edit });
    forget();
  };

  const submit = () => {
    setTried(true);
    const alias = form.name.trim();
    const topic = form.topic.trim().toLocaleLowerCase();
    const description = form.description.trim();
    if (!alias || !topic) return;
    const draft = { alias, topic, ...(description ? { description } : {}) };
    void run(async () => {
      const id = await client.createRoom(draft);
      await later.sendTo(id);
      onCreated(id);
    });
  };

  return (
    <CreateForm
      title={words.newchat.room}
      text={words.newchat.roomText}
      busy={action.status === "running"}
      refusal={refusal !== null && !isTold ? sentenceOf(refusal, words) : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      <PictureChoice picture={later.picture} onChange={later.setPicture} />
      <TextField
        label={words.newchat.name}
        maxLength={100}
        autoComplete="off"
        value={form.name}
        onChange={(event) => change({ name: event.target.value })}
        error={nameFault}
      />
      <TextField
        label={words.newchat.topic}
        autoComplete="off"
        autoCapitalize="none"
        value={form.topic}
        onChange={(event) => change({ topic: event.target.value })}
        error={topicFault}
      />
      {topics.length > 0 && (
        <div className="topic-choices">
          {topics.map((topic) => (
            <Chip key={topic} pressed={topic === form.topic} onPress={() => change({ topic })}>
              {topic}
            </Chip>
          ))}
        </div>
      )}
      <TextField
        multiline
        label={words.newchat.description}
        rows={2}
        maxLength={500}
        value={form.description}
        onChange={(event) => change({ description: event.target.value })}
        error={descriptionFault}
      />
    </CreateForm>
  );
}

/** The topics that rooms can have here; none while they are not known. */
function useTopics(): readonly string[] {
  const client = useClient();
  const [topics, setTopics] = useState<readonly string[]>([]);
  useEffect(() => {
    let isWanted = true;
    client.searchRooms({}).then(
      (directory) => isWanted && setTopics(directory.topics),
      // Without them the topic is typed, and the server says which ones there are.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [client]);
  return topics;
}
