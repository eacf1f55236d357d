import { MessageCircleOff } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { useStore } from "zustand";
import { useClient, useConversation } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import { useCall } from "../bindings/voice.ts";
import { Composer } from "../features/composer/Composer.tsx";
import { composingAt, type Composing } from "../features/composer/composing.ts";
import { ThreadSearch } from "../features/search/ThreadSearch.tsx";
import { Foot } from "../features/thread/Foot.tsx";
import { ThreadPanel } from "../features/thread/ThreadPanel.tsx";
import { ThreadSkeleton } from "../features/thread/ThreadSkeleton.tsx";
import { JoinVoice } from "../features/voice/JoinVoice.tsx";
import type { Message } from "../model/message.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { CallDock } from "./lazy.ts";
import { routes } from "./routes.ts";

type ChatScreenProps = {
  conversationId: string;
  aboutShown: boolean;
  onBack: () => void;
  onAbout: () => void;
  onOpen: (conversationId: string) => void;
  /** To where this device gets the keys that it lacks. */
  onRestore: () => void;
  /** To the safety number with somebody. */
  onCompare: (userId: string) => void;
  /** Whether messages are looked for here. */
  isSearching: boolean;
  onSearching: (isSearching: boolean) => void;
};

/** The thread and the composer of one chat, and what passes between them. To be keyed by the conversation. */
export function ChatScreen(props: ChatScreenProps) {
  const { conversationId, aboutShown, isSearching, onBack, onAbout, onOpen, onSearching } = props;
  const { onRestore, onCompare } = props;
  const words = useWords();
  const client = useClient();
  const conversation = useConversation(conversationId);
  const call = useCall();
  const status = useStore(client.stores.conversations, (state) => state.status);
  const [composing, setComposing] = useState(() => composingAt(client.draftReply(conversationId)));
  const onComposing = useCallback(
    (next: Composing) => {
      setComposing(next);
      // A change is no draft: it ends with the page.
      client.saveDraftReply(conversationId, next.type === "reply" ? next.message : null);
    },
    [client, conversationId],
  );
  const onReply = useCallback((message: Message) => onComposing({ type: "reply", message }), [onComposing]);
  const [composerNo, setComposerNo] = useState(0);
  const onAskAgain = (message: Message) => {
    if (client.draft(conversationId).trim() === "") client.saveDraft(conversationId, words.encryption.closed.asked);
    onReply(message);
    // Begun anew, it has the new draft.
    setComposerNo(composerNo + 1);
  };
  const onEdit = useCallback((message: Message) => onComposing({ type: "edit", message }), [onComposing]);

  if (!conversation && status === "loading") return <ThreadSkeleton />;
  if (!conversation) {
    // Only a list that was read says that a chat is not in it.
    const isKnown = status === "ready";
    return (
      <div className="shell-notice">
        <EmptyState
          icon={<MessageCircleOff />}
          title={isKnown ? words.thread.gone : words.thread.failed}
          text={isKnown ? words.thread.goneText : undefined}
        >
          <Button tone="accent" onClick={onBack}>
            {words.thread.toChats}
          </Button>
        </EmptyState>
      </div>
    );
  }
  return (
    <ThreadPanel
      conversation={conversation}
      onBack={onBack}
      onAbout={onAbout}
      aboutShown={aboutShown}
      messageHref={(messageId) => routes.message(conversationId, messageId)}
      onOpen={onOpen}
      onSearch={() => onSearching(true)}
      search={
        isSearching ? (
          <ThreadSearch conversationId={conversationId} onClose={() => onSearching(false)} />
        ) : null
      }
      voice={<JoinVoice conversationId={conversationId} />}
      call={
        call?.conversationId === conversationId && (
          <Suspense>
            <CallDock call={call} conversation={conversation} />
          </Suspense>
        )
      }
      onReply={onReply}
      onEdit={onEdit}
      onRestore={onRestore}
      onCompare={onCompare}
      onAskAgain={onAskAgain}
      composer={
        <Foot conversation={conversation} onRestore={onRestore}>
          <Composer
            key={composerNo}
            conversationId={conversationId}
            composing={composing}
            onComposing={onComposing}
          />
        </Foot>
      }
    />
  );
}
