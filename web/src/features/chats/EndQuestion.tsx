import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { Question } from "../../ui/Question.tsx";
import { chatName } from "../../words/names.ts";

type EndQuestionProps = { conversation: OwnConversation; onClose: () => void; onGone: () => void };

/** Asked before one leaves a group or room from the list, or its owner deletes it. */
export function EndQuestion({ conversation, onClose, onGone }: EndQuestionProps) {
  const words = useWords();
  const client = useClient();
  const { about } = words;
  const { id, kind, role } = conversation;
  if (kind === "private") return null;
  const isDeletion = role === "owner";
  const title = chatName(conversation, words);
  return (
    <Question
      title={isDeletion ? about.deleteTitle(title) : about.leaveTitle(title)}
      text={isDeletion ? about.deleteText : about.leaveText[kind]}
      act={isDeletion ? about.deleteButton : about.leaveButton}
      onClose={onClose}
      onAct={async () => {
        await (isDeletion ? client.deleteConversation(id) : client.leave(id));
        onGone();
      }}
    />
  );
}
