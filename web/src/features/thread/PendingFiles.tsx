import "./attachments.css";
import { FileText, X } from "lucide-react";
import { useRef } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { fileGone, type PendingFile, type PendingMessage } from "../../model/pending.ts";
import { sizeText } from "../../model/sizes.ts";
import { Button } from "../../ui/Button.tsx";
import { showToast } from "../../ui/toasts.ts";
import { usePreviews } from "../../ui/usePreviews.ts";
import { Album, type Tile } from "./Album.tsx";
import { FileFace } from "./FileRow.tsx";

type PendingFilesProps = { pending: PendingMessage };

/** What goes with a message on its way: seen already, each with how far it has come and a way to stop it. */
export function PendingFiles({ pending }: PendingFilesProps) {
  const { locale } = useLanguage();
  const previews = usePreviews(pending.files);
  const visible = pending.files.filter((file) => isVisible(file) && addressOf(file, previews));
  const tiles = visible.map(
    (file): Tile => ({
      key: file.ref,
      kind: file.mediaType.startsWith("video/") ? "video" : "image",
      name: file.name,
      address: addressOf(file, previews) ?? "",
      poster: null,
      width: file.width ?? file.attachment?.width ?? null,
      height: file.height ?? file.attachment?.height ?? null,
      blurhash: null,
      over: (
        <span className="tile-over">
          <Ring file={file} pending={pending} />
        </span>
      ),
    }),
  );
  return (
    <>
      {tiles.length > 0 && <Album tiles={tiles} />}
      {pending.files.map(
        (file) =>
          !visible.includes(file) && (
            <div key={file.ref} className="file-row" title={file.name}>
              <FileFace
                name={file.name}
                detail={sizeText(file.size, locale)}
                icon={<Ring file={file} pending={pending} />}
              />
            </div>
          ),
      )}
    </>
  );
}

/** For a message that cannot go on by itself: a file of it has to be chosen anew. */
export function ChooseAgain({ pending }: PendingFilesProps) {
  const { words } = useLanguage();
  const client = useClient();
  const input = useRef<HTMLInputElement>(null);
  const gone = pending.files.find((file) => file.attachment === null && file.content === null);
  if (pending.delivery.status !== "refused" || pending.delivery.failure.code !== fileGone || !gone) return null;
  const take = (content: File | undefined) => {
    if (!content) return;
    if (content.name !== gone.name || content.size !== gone.size) {
      showToast(words.composing.otherFile(gone.name));
      return;
    }
    void client.replaceFile(pending.clientRef, gone, content);
  };
  return (
    <>
      <Button onClick={() => input.current?.click()}>{words.composing.chooseAgain}</Button>
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={words.composing.chooseAgain}
        onChange={(event) => take(event.target.files?.[0])}
      />
    </>
  );
}

const round = 2 * Math.PI * 19;

/** How far a file has come, and the button that stops its message. */
function Ring({ file, pending }: PendingFilesProps & { file: PendingFile }) {
  const { words } = useLanguage();
  const client = useClient();
  const sent = useStore(client.stores.uploads, ({ sentByFile }) => sentByFile[file.ref]);
  if (pending.delivery.status === "refused") return <FileText aria-hidden="true" />;
  const done = file.attachment === null ? (sent ?? 0) / Math.max(1, file.size) : 1;
  const percent = Math.round(done * 100);
  const label = sent === undefined && done < 1 ? words.composing.waiting : words.composing.uploading(percent);
  return (
    <>
      <progress className="unseen" aria-label={label} max={1} value={done} />
      <button
        type="button"
        className="progress-ring"
        title={words.composing.cancelUpload}
        aria-label={words.composing.cancelUpload}
        onClick={() => void client.discard(pending.clientRef)}
      >
        <svg className="progress-arc" viewBox="0 0 44 44" aria-hidden="true">
          <circle cx="22" cy="22" r="19" strokeDasharray={round} strokeDashoffset={round * (1 - Math.max(0.04, done))} />
        </svg>
        <X className="progress-cross" aria-hidden="true" />
      </button>
    </>
  );
}

function isVisible({ mediaType }: PendingFile): boolean {
  return mediaType.startsWith("image/") || mediaType.startsWith("video/");
}

function addressOf(file: PendingFile, previews: ReadonlyMap<string, string>): string | undefined {
  return previews.get(file.ref) ?? file.attachment?.thumbnail_url ?? undefined;
}
