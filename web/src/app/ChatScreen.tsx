import { MessageCircleOff } from "lucide-react";
import { useCallback, useState } from "react";
import { useStore } from "zustand";
import { useClient, useConversation } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import { Composer } from "../features/composer/Composer.tsx";
import { composingNew, type Composing } from "../features/composer/composing.ts";
import { Foot } from "../features/thread/Foot.tsx";
import { ThreadPanel } from "../features/thread/ThreadPanel.tsx";
import { ThreadSkeleton } from "../features/thread/ThreadSkeleton.tsx";
import type { Message } from "../model/message.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";

type ChatScreenProps = {
  conversationId: string;
  aboutShown: boolean;
  onBack: () => void;
  onAbout: () => void;
};

/** The thread and the composer of one chat, and what passes between them. To be keyed by the conversation. */
export function ChatScreen({ conversationId, aboutShown, onBack, onAbout }: ChatScreenProps) {
  const words = useWords();
  const client = useClient();
  const conversation = useConversation(conversationId);
  const status = useStore(client.stores.conversations, (state) => state.status);
  const [composing, setComposing] = useState<Composing>(composingNew);
  const onReply = useCallback((message: Message) => setComposing({ type: "reply", message }), []);
  const onEdit = useCallback((message: Message) => setComposing({ type: "edit", message }), []);

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
      onReply={onReply}
      onEdit={onEdit}
      composer={
        <Foot conversation={conversation}>
          <Composer
            conversationId={conversationId}
            composing={composing}
            onComposing={setComposing}
          />
        </Foot>
      }
    />
  );
}
