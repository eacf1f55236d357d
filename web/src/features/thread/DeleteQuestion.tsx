import { useClient, useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Message } from "../../model/message.ts";
import { Question } from "../../ui/Question.tsx";
import { nameOf } from "../../words/names.ts";

type DeleteQuestionProps = { message: Message; onClose: () => void };

/** Asked before somebody else's words are taken away. */
export function DeleteQuestion({ message, onClose }: DeleteQuestionProps) {
  const words = useWords();
  const client = useClient();
  const name = nameOf(useUser(message.sender), words);
  return (
    <Question
      title={words.thread.deleteTitle}
      text={words.thread.deleteText(name)}
      act={words.thread.delete}
      onClose={onClose}
      onAct={() => client.remove(message.id)}
    />
  );
}
