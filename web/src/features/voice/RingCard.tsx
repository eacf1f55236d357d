import "./ring.css";
import { Lock, Phone, PhoneOff } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { useCallWords } from "../../bindings/call_words.ts";
import { useClient, useConversation } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Ring } from "../../model/voice.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";

const writing = "input, textarea, select, [contenteditable]";

/** Somebody calls; one can go on with what one does, and answer or not. */
export function RingCard({ ring, onAccept }: { ring: Ring; onAccept: () => void }) {
  const words = useWords();
  const { voice } = useClient();
  const titleId = useId();
  const accept = useRef<HTMLButtonElement>(null);
  const conversation = useConversation(ring.conversation_id);
  const name = nameOf(ring.user, words);
  const texts = useCallWords().ring;

  // Under the finger of whoever is not writing just now; a space typed in a message is no answer.
  useEffect(() => {
    if (document.activeElement?.closest(writing) === null) accept.current?.focus();
  }, []);

  const decline = () => {
    void voice.decline(ring.conversation_id).catch((error: unknown) => showToast(sentenceOf(error, words)));
  };
  return (
    <section className="ring" role="alertdialog" aria-labelledby={titleId}>
      <span className="ring-face">
        <Avatar id={ring.from} name={name} picture={ring.user.avatar} size="large" />
      </span>
      <div className="ring-text">
        <b id={titleId}>{texts.title(name)}</b>
        <span>
          {conversation?.encrypted === true && <Lock aria-hidden="true" />}
          {conversation?.encrypted === true ? texts.encrypted : texts.open}
        </span>
      </div>
      <div className="ring-acts">
        <Button tone="danger" onClick={decline}>
          <PhoneOff />
          {texts.decline}
        </Button>
        <Button ref={accept} tone="accent" onClick={onAccept}>
          <Phone />
          {texts.accept}
        </Button>
      </div>
    </section>
  );
}
