import { useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Member, OwnConversation } from "../../model/conversation.ts";
import { Question } from "../../ui/Question.tsx";
import { TextField } from "../../ui/TextField.tsx";
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

type HandOverProps = {
  conversation: OwnConversation;
  member: Member;
  onClose: () => void;
};

/** Asked before somebody else becomes the owner of a group or room. */
export function HandOverQuestion({ conversation, member, onClose }: HandOverProps) {
  const words = useWords();
  const { moderation } = useClient();
  const { about } = words.gathering;
  return (
    <Question
      title={about.handOverTitle(nameOf(member.user, words), chatName(conversation, words))}
      text={about.handOverText}
      act={about.handOverButton}
      onClose={onClose}
      onAct={() => moderation.setRole(conversation.id, member.user_id, "owner")}
    />
  );
}

type ShowOutProps = {
  conversationId: string;
  member: Member;
  /** Banned, they cannot come back. */
  how: "remove" | "ban";
  onClose: () => void;
};

/** Asked before somebody is removed or banned; the reason is told to them. */
export function ShowOutQuestion({ conversationId, member, how, onClose }: ShowOutProps) {
  const words = useWords();
  const { moderation } = useClient();
  const [reason, setReason] = useState("");
  const name = nameOf(member.user, words);
  const { about } = words.gathering;
  const texts = {
    remove: { title: words.about.removeTitle(name), text: words.about.removeText, act: words.about.removeButton },
    ban: { title: about.banTitle(name), text: about.banText, act: about.banButton },
  }[how];
  return (
    <Question
      {...texts}
      onClose={onClose}
      onAct={() => moderation[how](conversationId, member.user_id, reason.trim() || undefined)}
    >
      <TextField
        label={about.reason}
        hint={about.reasonHint}
        maxLength={200}
        autoComplete="off"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Question>
  );
}
