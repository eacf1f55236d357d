import { useClient, useMe, useUser } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Message } from "../../../model/message.ts";
import { Question } from "../../../ui/Question.tsx";
import { nameOf } from "../../../words/names.ts";

type DeleteQuestionProps = { messages: readonly Message[]; onClose: () => void; onDone: () => void };

/** Asked before words are taken away, which is done for everyone. */
export function DeleteQuestion({ messages, onClose, onDone }: DeleteQuestionProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const others = messages.filter((message) => message.sender !== me.id);
  const name = nameOf(useUser(others[0]?.sender ?? ""), words);
  const text = () => {
    if (others.length === 0) return words.messages.deleteOwn(messages.length);
    return messages.length === 1 ? words.thread.deleteText(name) : words.messages.deleteMany;
  };
  return (
    <Question
      title={words.messages.deleteTitle(messages.length)}
      text={text()}
      act={words.thread.delete}
      onClose={onClose}
      onAct={async () => {
        for (const message of messages) await client.remove(message.id);
        onDone();
      }}
    />
  );
}
