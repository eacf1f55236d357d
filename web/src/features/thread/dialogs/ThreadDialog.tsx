import { useStore } from "zustand";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { OwnConversation } from "../../../model/conversation.ts";
import type { Message } from "../../../model/message.ts";
import { Question } from "../../../ui/Question.tsx";
import type { Asked, AskedPeople } from "../acts.ts";
import { DeleteQuestion } from "./DeleteQuestion.tsx";
import { ForwardDialog } from "./ForwardDialog.tsx";
import { PersonDialog } from "./PersonDialog.tsx";
import { PinnedDialog } from "./PinnedDialog.tsx";
import { ReactorsDialog } from "./ReactorsDialog.tsx";
import { ReadersDialog } from "./ReadersDialog.tsx";
import { VersionsDialog } from "./VersionsDialog.tsx";
import { VotersDialog } from "./VotersDialog.tsx";

type ThreadDialogProps = {
  conversation: OwnConversation;
  asked: Asked;
  onOpen: (conversationId: string) => void;
  onClose: () => void;
  /** What was asked about is done. */
  onDone: () => void;
};

/** The dialog of a thread that is open just now. */
export function ThreadDialog({ conversation, asked, onOpen, onClose, onDone }: ThreadDialogProps) {
  switch (asked.type) {
    case "delete":
      return <DeleteQuestion messages={asked.messages} onClose={onClose} onDone={onDone} />;
    case "forward":
      return <ForwardDialog messages={asked.messages} onClose={onClose} onDone={onDone} />;
    case "pinned":
      return <PinnedDialog conversation={conversation} onClose={onClose} />;
    case "person":
      return <PersonDialog userId={asked.userId} onOpen={onOpen} onClose={onClose} />;
    case "versions":
      return <VersionsDialog message={asked.message} onClose={onClose} />;
    case "readers":
      return <ReadersDialog message={asked.message} onClose={onClose} />;
    case "closePoll":
      return <ClosePollQuestion message={asked.message} onClose={onClose} />;
    case "reactors":
    case "voters":
      return <Live asked={asked} onClose={onClose} />;
  }
}

type LiveProps = { asked: AskedPeople; onClose: () => void };

/** Who reacted or voted goes on changing while it is looked at. */
function Live({ asked, onClose }: LiveProps) {
  const { message } = asked;
  const now = useStore(useClient().stores.threads, ({ byConversation }) => {
    const thread = byConversation[message.conversation_id];
    return thread?.status === "open" ? thread.messages.find((each) => each.id === message.id) : undefined;
  });
  return asked.type === "reactors" ? (
    <ReactorsDialog message={now ?? message} onClose={onClose} />
  ) : (
    <VotersDialog message={now ?? message} onClose={onClose} />
  );
}

function ClosePollQuestion({ message, onClose }: { message: Message; onClose: () => void }) {
  const { messages } = useWords();
  const client = useClient();
  return (
    <Question
      title={messages.poll.closeTitle}
      text={messages.poll.closeText}
      act={messages.poll.close}
      tone="accent"
      onAct={() => client.messages.closePoll(message.id)}
      onClose={onClose}
    />
  );
}
