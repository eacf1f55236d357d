import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Member, OwnConversation } from "../../model/conversation.ts";
import { Question } from "../../ui/Question.tsx";
import { chatName, nameOf } from "../../words/names.ts";

type EndQuestionProps = {
  conversation: OwnConversation;
  onClose: () => void;
  onGone: () => void;
};

/** Asked before one leaves a group or room. */
export function LeaveQuestion({ conversation, onClose, onGone }: EndQuestionProps) {
  const words = useWords();
  const { about } = words;
  const client = useClient();
  if (conversation.kind === "private") return null;
  return (
    <Question
      title={about.leaveTitle(chatName(conversation, words))}
      text={about.leaveText[conversation.kind]}
      act={about.leaveButton}
      onClose={onClose}
      onAct={async () => {
        await client.leave(conversation.id);
        onGone();
      }}
    />
  );
}

/** Asked before a group or room is deleted for everyone. */
export function DeleteQuestion({ conversation, onClose, onGone }: EndQuestionProps) {
  const words = useWords();
  const { about } = words;
  const client = useClient();
  return (
    <Question
      title={about.deleteTitle(chatName(conversation, words))}
      text={about.deleteText}
      act={about.deleteButton}
      onClose={onClose}
      onAct={async () => {
        await client.deleteConversation(conversation.id);
        onGone();
      }}
    />
  );
}

type RemoveQuestionProps = { conversationId: string; member: Member; onClose: () => void };

/** Asked before somebody is removed. */
export function RemoveQuestion({ conversationId, member, onClose }: RemoveQuestionProps) {
  const words = useWords();
  const { about } = words;
  const client = useClient();
  return (
    <Question
      title={about.removeTitle(nameOf(member.user, words))}
      text={about.removeText}
      act={about.removeButton}
      onClose={onClose}
      onAct={() => client.removeMember(conversationId, member.user_id)}
    />
  );
}
