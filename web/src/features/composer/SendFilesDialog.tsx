import "./send-files.css";
import { FileText, Plus, X } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useLanguage } from "../../bindings/language.tsx";
import type { OutgoingFile } from "../../client/client.ts";
import { sizeText } from "../../model/sizes.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Switch } from "../../ui/Switch.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { usePreviews } from "../../ui/usePreviews.ts";
import { useAction } from "../../bindings/action.ts";
import { most_files, outgoingFile } from "./outgoing.ts";

type SendFilesDialogProps = {
  files: readonly File[];
  caption: string;
  onSend: (files: readonly OutgoingFile[], caption: string) => void;
  onClose: () => void;
};

type Chosen = { readonly ref: string; readonly content: File };

/** What is about to be sent, seen before it is, and with a few words to go with it. */
export function SendFilesDialog({ files, caption: before, onSend, onClose }: SendFilesDialogProps) {
  const { words, locale } = useLanguage();
  const texts = words.composing.files;
  const input = useRef<HTMLInputElement>(null);
  const [taken, setTaken] = useState(() => take([], files));
  const [caption, setCaption] = useState(before);
  const [asFile, setAsFile] = useState(false);
  const { action, run } = useAction();
  const { chosen, left } = taken;
  const previews = usePreviews(useMemo(() => chosen.filter(({ content }) => isPicture(content)), [chosen]));
  const hasPictures = chosen.some(({ content }) => isPicture(content));
  const problem = left.empty ? texts.empty(left.empty) : left.isTooMany ? texts.tooMany(most_files) : undefined;

  const send = () =>
    void run(async () => {
      if (chosen.length === 0) return;
      const ready = await Promise.all(chosen.map(({ content }) => outgoingFile(content, asFile)));
      onSend(ready, caption);
      onClose();
    });
  const remove = (ref: string) => {
    const rest = chosen.filter((each) => each.ref !== ref);
    if (rest.length === 0) onClose();
    else setTaken({ chosen: rest, left: {} });
  };

  return (
    <Dialog
      title={texts.title(chosen.length)}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button className="send-files-more" disabled={chosen.length >= most_files} onClick={() => input.current?.click()}>
            <Plus />
            {texts.more}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button tone="accent" busy={action.status === "running"} disabled={chosen.length === 0} onClick={send}>
            {words.composer.send}
          </Button>
        </>
      }
    >
      <ul className="send-files" role="list" aria-label={texts.list}>
        {chosen.map(({ ref, content }) => {
          const preview = previews.get(ref);
          return (
            <li key={ref} className={preview && !asFile ? "send-files-picture" : "send-files-file"} title={content.name}>
              {preview && !asFile ? (
                <img src={preview} alt={content.name} />
              ) : (
                <>
                  {preview ? <img className="send-files-icon" src={preview} alt="" /> : <FileText className="send-files-icon" />}
                  <span className="send-files-text">
                    <span className="send-files-name">{content.name}</span>
                    <span className="send-files-size">{sizeText(content.size, locale)}</span>
                  </span>
                </>
              )}
              <button type="button" className="send-files-remove" aria-label={texts.remove(content.name)} onClick={() => remove(ref)}>
                <X />
              </button>
            </li>
          );
        })}
      </ul>
      {problem && (
        <p className="dialog-refusal" role="alert">
          {problem}
        </p>
      )}
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={texts.more}
        multiple
        onChange={(event) => {
          const more = [...(event.target.files ?? [])];
          event.target.value = "";
          setTaken(take(chosen, more));
        }}
      />
      {hasPictures && <Switch label={texts.asFile} hint={texts.asFileHint} checked={asFile} onChange={setAsFile} />}
      <TextField
        multiline
        label={texts.caption}
        rows={1}
        value={caption}
        onChange={(event) => setCaption(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
    </Dialog>
  );
}

type Taken = {
  readonly chosen: readonly Chosen[];
  /** What could not be taken, and why. */
  readonly left: { readonly empty?: string; readonly isTooMany?: boolean };
};

let lastRef = 0;

function take(before: readonly Chosen[], files: readonly File[]): Taken {
  // A folder comes as a file without content.
  const empty = files.find((file) => file.size === 0);
  const added = files.filter((file) => file.size > 0).map((content) => ({ ref: String((lastRef += 1)), content }));
  const all = [...before, ...added];
  const left = { ...(empty ? { empty: empty.name } : {}), isTooMany: all.length > most_files };
  return { chosen: all.slice(0, most_files), left };
}

function isPicture(file: File): boolean {
  return file.type.startsWith("image/");
}
