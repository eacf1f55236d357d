import { ArrowLeft, Info, Lock, Search, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { useIsOnline } from "../../bindings/client.tsx";
import { useTrust } from "../../bindings/sealed.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Tooltip } from "../../ui/Tooltip.tsx";
import { chatName } from "../../words/names.ts";
import { ThreadStatus } from "./ThreadStatus.tsx";

type ThreadHeaderProps = {
  conversation: OwnConversation;
  onBack: () => void;
  onAbout: () => void;
  aboutShown: boolean;
  onSearch: () => void;
  /** The way into the voice channel. */
  voice: ReactNode;
};

export function ThreadHeader({ conversation, onBack, onAbout, aboutShown, onSearch, voice }: ThreadHeaderProps) {
  const words = useWords();
  const title = chatName(conversation, words);
  const trust = useTrust(conversation.peer?.id);
  const online = useIsOnline(conversation.peer?.id);
  return (
    <header className="thread-header">
      <IconButton className="thread-back" label={words.back} icon={<ArrowLeft />} onClick={onBack} />
      <button type="button" className="thread-who" onClick={onAbout}>
        <Avatar
          id={conversation.peer?.id ?? conversation.id}
          name={title}
          picture={conversation.peer ? conversation.peer.avatar : conversation.picture}
          deleted={conversation.peer?.is_deleted ?? false}
          online={online}
        />
        <span className="thread-who-text">
          <span className="thread-name">
            {conversation.encrypted && (
              <Tooltip text={words.encryption.label}>
                <Lock className="thread-lock" role="img" aria-label={words.encryption.label} />
              </Tooltip>
            )}
            <span className="thread-title">{title}</span>
            {conversation.encrypted && trust === "verified" && (
              <Tooltip text={words.encryption.safety.verified}>
                <ShieldCheck className="thread-lock" role="img" aria-label={words.encryption.safety.verified} />
              </Tooltip>
            )}
          </span>
          <ThreadStatus conversation={conversation} />
        </span>
      </button>
      {!(conversation.peer?.is_deleted ?? false) && voice}
      <IconButton label={words.search.here} icon={<Search />} onClick={onSearch} />
      <IconButton
        label={words.thread.about}
        icon={<Info />}
        aria-pressed={aboutShown}
        onClick={onAbout}
      />
    </header>
  );
}
