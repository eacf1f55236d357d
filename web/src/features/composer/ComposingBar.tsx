import { Pencil, Reply, X } from "lucide-react";
import { useMe, useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { previewOf } from "../../model/previews.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { nameOf } from "../../words/names.ts";
import type { Composing } from "./composing.ts";

type ComposingBarProps = { composing: Exclude<Composing, { type: "new" }>; onCancel: () => void };

/** Which message is answered or edited, over the field. */
export function ComposingBar({ composing, onCancel }: ComposingBarProps) {
  const words = useWords();
  const me = useMe();
  const sender = useUser(composing.message.sender);
  const isEdit = composing.type === "edit";
  const name = composing.message.sender === me.id ? words.you : nameOf(sender, words);
  return (
    <div className="composing-bar">
      <span className="composing-icon" aria-hidden="true">
        {isEdit ? <Pencil /> : <Reply />}
      </span>
      <span className="composing-text">
        <b>{isEdit ? words.composer.editing : words.composer.replyTo(name)}</b>
        <span>{previewOf(composing.message)}</span>
      </span>
      <IconButton
        label={isEdit ? words.composer.cancelEdit : words.composer.cancelReply}
        icon={<X />}
        onClick={onCancel}
      />
    </div>
  );
}
