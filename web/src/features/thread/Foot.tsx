import type { ReactNode } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useIsBlocked } from "../../bindings/people.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { Button } from "../../ui/Button.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

type FootProps = {
  conversation: OwnConversation;
  /** Where one writes. */
  children: ReactNode;
};

/** The composer, or why there is none: nobody is left to write to, or one has blocked them. */
export function Foot({ conversation, children }: FootProps) {
  const words = useWords();
  const { settings } = useClient();
  const { peer } = conversation;
  const isBlocked = useIsBlocked(peer?.id);
  if (peer?.is_deleted) return <p className="thread-closed">{words.thread.peerDeleted}</p>;
  if (!peer || !isBlocked) return children;

  const unblock = async () => {
    try {
      await settings.unblock(peer.id);
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  return (
    <p className="thread-closed">
      {words.thread.peerBlocked(peer.display_name)}
      <Button onClick={() => void unblock()}>{words.about.unblock}</Button>
    </p>
  );
}
