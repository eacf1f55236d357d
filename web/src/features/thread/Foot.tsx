import type { ReactNode } from "react";
import { useClient } from "../../bindings/client.tsx";
import { openEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { useWords } from "../../bindings/language.tsx";
import { useIsBlocked } from "../../bindings/people.ts";
import { useStanding } from "../../bindings/sealed.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { Button } from "../../ui/Button.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

type FootProps = {
  conversation: OwnConversation;
  /** To where this device gets the keys that it lacks. */
  onRestore: () => void;
  /** Where one writes. */
  children: ReactNode;
};

/** The composer, or why there is none: nobody is left to write to, one has blocked them, or has no keys here. */
export function Foot({ conversation, onRestore, children }: FootProps) {
  const words = useWords();
  const { settings } = useClient();
  const { peer } = conversation;
  const isBlocked = useIsBlocked(peer?.id);
  const standing = useStanding();
  if (peer?.is_deleted) return <p className="thread-closed">{words.thread.peerDeleted}</p>;
  if (conversation.encrypted && standing !== "ready" && standing !== "unknown") {
    const texts = words.encryption.thread;
    return (
      <div className="thread-closed">
        {standing === "locked" && (
          <>
            <p>{texts.lockedFoot}</p>
            <Button onClick={onRestore}>{texts.restore}</Button>
          </>
        )}
        {standing === "none" && (
          <>
            <p>{texts.newFoot}</p>
            <Button onClick={() => void openEncryptionDialog({ type: "setUp" })}>{texts.setUp}</Button>
          </>
        )}
        {standing === "unsupported" && <p>{texts.unsupportedFoot}</p>}
      </div>
    );
  }
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
