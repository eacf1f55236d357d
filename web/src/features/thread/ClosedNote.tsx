import "./closed-note.css";
import { clsx } from "clsx";
import { Lock, type LucideIcon, RefreshCw, ShieldAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useClient, useUser } from "../../bindings/client.tsx";
import { openEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { useWords } from "../../bindings/language.tsx";
import type { Closed, ShownMessage } from "../../model/opening.ts";
import { Button } from "../../ui/Button.tsx";
import type { Words } from "../../words/english.ts";
import { nameOf } from "../../words/names.ts";
import { useThreadActs } from "./acts.ts";
import { useTry } from "./useTry.ts";

type ClosedNoteProps = { message: ShownMessage; own: boolean };

const icons: Readonly<Record<Closed, LucideIcon>> = {
  locked: Lock,
  no_key: Lock,
  former_identity: Lock,
  unknown_key_of_sender: ShieldAlert,
  stranger: ShieldAlert,
  unsigned: ShieldAlert,
  other_chat: ShieldAlert,
  misplaced: ShieldAlert,
  tampered: ShieldAlert,
  shown_again: ShieldAlert,
  outdated: ShieldAlert,
  not_sealed: ShieldAlert,
  malformed: TriangleAlert,
  newer: RefreshCw,
  failed: TriangleAlert,
};

/** In the place of what cannot be opened: why, in a sentence, and what can be done about it. */
export function ClosedNote({ message, own }: ClosedNoteProps) {
  const words = useWords();
  const sender = useUser(message.sender);
  const { seal } = message;
  if (seal === "none" || seal === "open") return null;
  if (seal === "opening") return <span className="closed-opening">{words.encryption.closed.opening}</span>;
  const Icon = icons[seal];
  const name = own ? words.you : nameOf(sender, words);
  return (
    <span className={clsx("closed-note", seal === "locked" && "closed-note-short")}>
      <span className="closed-note-why">
        <Icon aria-hidden="true" />
        <span>{whyOf(seal, name, words)}</span>
      </span>
      <span className="closed-note-ways">
        <Ways message={message} seal={seal} own={own} name={name} />
      </span>
    </span>
  );
}

type WaysProps = ClosedNoteProps & { seal: Closed; name: string };

function Ways({ message, seal, own, name }: WaysProps): ReactNode {
  const { encryption } = useWords();
  const client = useClient();
  const tryTo = useTry();
  const { onRestore, onCompare, onAskAgain } = useThreadActs();
  const texts = encryption.closed;
  const compare = <Button onClick={() => onCompare(message.sender)}>{texts.compare}</Button>;
  const explain = <Button onClick={() => void openEncryptionDialog({ type: "explain" })}>{encryption.learnMore}</Button>;
  switch (seal) {
    case "locked":
      return <Button onClick={onRestore}>{texts.restore}</Button>;
    case "newer":
    case "failed":
      return <Button onClick={() => location.reload()}>{texts.reload}</Button>;
    case "unknown_key_of_sender":
      return (
        <>
          {compare}
          <Button onClick={() => void tryTo(client.encryption.acceptChangedKey(message.sender))}>{texts.accept}</Button>
        </>
      );
    case "stranger":
      return <Button onClick={() => onCompare(message.sender)}>{texts.compare}</Button>;
    case "unsigned":
      return own ? explain : compare;
    case "former_identity":
    case "shown_again":
    case "not_sealed":
      return explain;
    case "no_key":
    case "other_chat":
    case "misplaced":
    case "tampered":
    case "outdated":
    case "malformed":
      return own ? explain : <Button onClick={() => onAskAgain(message)}>{texts.ask(name)}</Button>;
  }
}

function whyOf(seal: Closed, name: string, words: Words): string {
  const why = words.encryption.closed[seal];
  return typeof why === "function" ? why(name) : why;
}
