import "./closed-note.css";
import { LockKeyhole } from "lucide-react";
import { useConversation } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useObstacles, useStanding } from "../../bindings/sealed.ts";
import { useNames } from "./useNames.ts";

const named_people = 3;

/** What a message on its way into an encrypted chat waits for; nothing where it only has to be sent. */
export function PendingNote({ conversationId }: { conversationId: string }) {
  const { encryption } = useWords();
  const standing = useStanding();
  const encrypted = useConversation(conversationId)?.encrypted ?? false;
  const { waitingFor, unusable, changed, exchanged } = useObstacles({ id: conversationId, encrypted });
  const waitedFor = useNames(waitingFor);
  const [changedName] = useNames(changed);
  const [unusableName] = useNames(unusable);
  const texts = encryption.pending;
  if (!encrypted) return null;

  const note = () => {
    if (standing === "locked") return texts.locked;
    if (exchanged.length > 0) return texts.exchanged;
    if (changedName !== undefined) return texts.changed(changedName);
    if (unusableName !== undefined) return texts.unusable(unusableName);
    if (waitedFor.length === 0) return null;
    return waitedFor.length > named_people ? texts.keysMany(waitedFor.length) : texts.keys(waitedFor);
  };
  const text = note();
  if (text === null) return null;
  return (
    <p className="pending-note">
      <LockKeyhole aria-hidden="true" />
      {text}
    </p>
  );
}
