import "./key-banners.css";
import { Hourglass, ShieldAlert, UserRoundPlus } from "lucide-react";
import { useCallback, useEffect } from "react";
import { useLookedAt } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { openEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { useWords } from "../../bindings/language.tsx";
import { useObstacles, useStanding } from "../../bindings/sealed.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { Button } from "../../ui/Button.tsx";
import { useThreadActs } from "./acts.ts";
import { useNames } from "./useNames.ts";
import { useTry } from "./useTry.ts";

const named_people = 3;

/** Under the header of an encrypted chat: what keeps one from writing and what can be done about it, or who reads along from now on. */
export function KeyBanners({ conversation }: { conversation: OwnConversation }) {
  const standing = useStanding();
  const { waitingFor, unusable, changed, exchanged, newcomers } = useObstacles(conversation);
  const [exchangedId] = exchanged;
  const [changedId] = changed;
  const [unusableId] = unusable;
  if (standing !== "ready") return null;
  if (exchangedId !== undefined) return <Exchanged key={exchangedId} conversationId={conversation.id} userId={exchangedId} />;
  if (changedId !== undefined) return <Changed key={changedId} userId={changedId} />;
  if (unusableId !== undefined) return <Unusable userId={unusableId} />;
  if (waitingFor.length > 0) return <Waiting userIds={waitingFor} />;
  return newcomers.length > 0 ? <Newcomers key={conversation.id} conversationId={conversation.id} userIds={newcomers} /> : null;
}

type InChat = { conversationId: string };

function Exchanged({ conversationId, userId }: InChat & { userId: string }) {
  const { encryption } = useWords();
  const client = useClient();
  const tryTo = useTry();
  const { onCompare } = useThreadActs();
  const [name = ""] = useNames([userId]);
  const texts = encryption.thread;
  return (
    <section className="key-banner key-banner-warning" aria-label={texts.exchanged}>
      <ShieldAlert aria-hidden="true" />
      <p role="status">
        <b>{texts.exchanged}</b>
        <span>{texts.exchangedText(name)}</span>
      </p>
      <div className="key-banner-acts">
        <Button onClick={() => onCompare(userId)}>{texts.compare}</Button>
        <Button onClick={() => void tryTo(client.encryption.acceptReaders(conversationId, [userId]))}>{texts.goOn}</Button>
      </div>
    </section>
  );
}

function Changed({ userId }: { userId: string }) {
  const { encryption } = useWords();
  const client = useClient();
  const tryTo = useTry();
  const { onCompare } = useThreadActs();
  const [name = ""] = useNames([userId]);
  const texts = encryption.thread;
  return (
    <section className="key-banner key-banner-warning" aria-label={texts.changed(name)}>
      <ShieldAlert aria-hidden="true" />
      <p role="status">
        <b>{texts.changed(name)}</b>
        <span>{texts.changedText(name)}</span>
      </p>
      <div className="key-banner-acts">
        <Button onClick={() => onCompare(userId)}>{texts.compare}</Button>
        <Button onClick={() => void tryTo(client.encryption.acceptChangedKey(userId))}>{texts.goOn}</Button>
      </div>
    </section>
  );
}

function Unusable({ userId }: { userId: string }) {
  const { encryption } = useWords();
  const [name = ""] = useNames([userId]);
  const texts = encryption.thread;
  return (
    <section className="key-banner key-banner-warning" aria-label={texts.unusable(name)}>
      <ShieldAlert aria-hidden="true" />
      <p role="status">
        <b>{texts.unusable(name)}</b>
        <span>{texts.unusableText(name)}</span>
      </p>
      <div className="key-banner-acts">
        <Button onClick={() => void openEncryptionDialog({ type: "explain" })}>{encryption.learnMore}</Button>
      </div>
    </section>
  );
}

function Waiting({ userIds }: { userIds: readonly string[] }) {
  const { encryption } = useWords();
  const names = useNames(userIds);
  const texts = encryption.thread;
  const title = names.length > named_people ? texts.waitingMany(names.length) : texts.waiting(names);
  return (
    <section className="key-banner" aria-label={title}>
      <Hourglass aria-hidden="true" />
      <p role="status">
        <b>{title}</b>
        <span>{texts.waitingText}</span>
      </p>
      <div className="key-banner-acts">
        <Button onClick={() => void openEncryptionDialog({ type: "explain" })}>{encryption.learnMore}</Button>
      </div>
    </section>
  );
}

/** Nothing is sealed for them before this is looked at. */
function Newcomers({ conversationId, userIds }: InChat & { userIds: readonly string[] }) {
  const { encryption } = useWords();
  const client = useClient();
  const tryTo = useTry();
  const names = useNames(userIds);
  const texts = encryption.thread;
  const title = names.length > named_people ? texts.newcomersMany(names.length) : texts.newcomers(names);
  const show = useCallback(
    () => void client.encryption.showReaders(conversationId, userIds).catch(() => undefined),
    [client, conversationId, userIds],
  );
  useLookedAt(show);
  useEffect(() => {
    if (document.visibilityState === "visible") show();
  }, [show]);
  useEffect(
    () => () => void client.encryption.showReaders(conversationId, []).catch(() => undefined),
    [client, conversationId],
  );
  return (
    <section className="key-banner" aria-label={title}>
      <UserRoundPlus aria-hidden="true" />
      <p role="status">
        <b>{title}</b>
        <span>{texts.newcomersText}</span>
      </p>
      <div className="key-banner-acts">
        <Button onClick={() => void tryTo(client.encryption.acceptReaders(conversationId, userIds))}>{texts.understood}</Button>
      </div>
    </section>
  );
}
