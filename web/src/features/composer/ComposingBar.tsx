import { Pencil, Reply, X } from "lucide-react";
import { useMe, useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useOpened } from "../../bindings/sealed.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { nameOf } from "../../words/names.ts";
import { summaryOf } from "../../words/summaries.ts";
import type { Composing } from "./composing.ts";

type ComposingBarProps = { composing: Exclude<Composing, { type: "new" }>; onCancel: () => void };

/** Which message is answered or edited, over the field. */
export function ComposingBar({ composing, onCancel }: ComposingBarProps) {
  const words = useWords();
  const me = useMe();
  const message = useOpened(composing.message);
  const sender = useUser(message.sender);
  const isEdit = composing.type === "edit";
  const name = message.sender === me.id ? words.you : nameOf(sender, words);
  return (
    <div className="composing-bar">
      <span className="composing-icon" aria-hidden="true">
        {isEdit ? <Pencil /> : <Reply />}
      </span>
      <span className="composing-text">
        <b>{isEdit ? words.composer.editing : words.composer.replyTo(name)}</b>
        <span>{summaryOf(message, words)}</span>
      </span>
      <IconButton
        label={isEdit ? words.composer.cancelEdit : words.composer.cancelReply}
        icon={<X />}
        onClick={onCancel}
      />
    </div>
  );
}
