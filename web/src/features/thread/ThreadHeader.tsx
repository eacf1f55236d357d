import { ArrowLeft, Info } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { useIsOnline } from "../../bindings/client.tsx";
import { Avatar } from "../../ui/Avatar.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { chatName } from "../../words/names.ts";
import { ThreadStatus } from "./ThreadStatus.tsx";

type ThreadHeaderProps = {
  conversation: OwnConversation;
  onBack: () => void;
  onAbout: () => void;
  aboutShown: boolean;
};

export function ThreadHeader({ conversation, onBack, onAbout, aboutShown }: ThreadHeaderProps) {
  const words = useWords();
  const title = chatName(conversation, words);
  const online = useIsOnline(conversation.peer?.id);
  return (
    <header className="thread-header">
      <IconButton className="thread-back" label={words.back} icon={<ArrowLeft />} onClick={onBack} />
      <button type="button" className="thread-who" onClick={onAbout}>
        <Avatar
          id={conversation.peer?.id ?? conversation.id}
          name={title}
          picture={conversation.peer?.avatar ?? null}
          deleted={conversation.peer?.is_deleted ?? false}
          online={online}
        />
        <span className="thread-who-text">
          <span className="thread-title">{title}</span>
          <ThreadStatus conversation={conversation} />
        </span>
      </button>
      <IconButton
        label={words.thread.about}
        icon={<Info />}
        aria-pressed={aboutShown}
        onClick={onAbout}
      />
    </header>
  );
}
