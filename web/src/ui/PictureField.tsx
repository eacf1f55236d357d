import "./picture-field.css";
import { Camera, Trash2 } from "lucide-react";
import { useEffect, useRef, useState, type ChangeEvent } from "react";
import { useWords } from "../bindings/language.tsx";
import { ApiError } from "../protocol/errors.ts";
import type { Progress } from "../protocol/upload.ts";
import { sentenceOf } from "../words/refusals.ts";
import { Avatar } from "./Avatar.tsx";
import { Button } from "./Button.tsx";
import { ProgressBar } from "./ProgressBar.tsx";
import { showToast } from "./toasts.ts";
import { usePictures } from "./usePictures.ts";

export type PictureTexts = {
  add: string;
  change: string;
  remove: string;
  changed: string;
  removed: string;
  hint: string;
  drop: string;
  uploading: (percent: number) => string;
  tooLarge: string;
  notPicture: string;
};

type PictureFieldProps = {
  /** What the picture is of. */
  id: string;
  name: string;
  picture: string | null;
  texts: PictureTexts;
  onTake: (picture: Blob, onProgress: Progress) => Promise<void>;
  onRemove: () => Promise<void>;
};

type Upload =
  | { readonly status: "none" }
  | { readonly status: "running"; readonly preview: string; readonly done: number }
  | { readonly status: "refused"; readonly sentence: string };

/** A picture shown large, taken from a file, a drop or the clipboard, and seen at once while it is sent. */
export function PictureField({ id, name, picture, texts, onTake, onRemove }: PictureFieldProps) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [upload, setUpload] = useState<Upload>({ status: "none" });
  const [isRemoving, setIsRemoving] = useState(false);
  const isBusy = upload.status === "running" || isRemoving;
  const preview = upload.status === "running" ? upload.preview : null;
  useEffect(() => () => {
    if (preview !== null) URL.revokeObjectURL(preview);
  }, [preview]);

  const take = async (file: Blob) => {
    if (isBusy) return;
    if (!file.type.startsWith("image/")) {
      setUpload({ status: "refused", sentence: texts.notPicture });
      return;
    }
    const shown = URL.createObjectURL(file);
    setUpload({ status: "running", preview: shown, done: 0 });
    try {
      await onTake(file, (sent, total) =>
        setUpload({ status: "running", preview: shown, done: total > 0 ? sent / total : 0 }),
      );
      setUpload({ status: "none" });
      showToast(texts.changed);
    } catch (error) {
      const isTooLarge = error instanceof ApiError && error.status === 413;
      setUpload({ status: "refused", sentence: isTooLarge ? texts.tooLarge : sentenceOf(error, words) });
    }
  };
  const isOver = usePictures((file) => void take(file));

  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    // Chosen once more, the same file is to be a change too.
    event.target.value = "";
    if (file) void take(file);
  };
  const remove = async () => {
    setIsRemoving(true);
    try {
      await onRemove();
      setUpload({ status: "none" });
      showToast(texts.removed);
    } catch (error) {
      setUpload({ status: "refused", sentence: sentenceOf(error, words) });
    } finally {
      setIsRemoving(false);
    }
  };

  return (
    <div className="picture-field" data-over={isOver}>
      <button
        type="button"
        className="picture-field-face"
        aria-label={picture ? texts.change : texts.add}
        disabled={isBusy}
        onClick={() => input.current?.click()}
      >
        {preview === null ? (
          <Avatar id={id} name={name} picture={picture} size="huge" />
        ) : (
          <img className="picture-field-preview" src={preview} alt="" />
        )}
        <span className="picture-field-veil" aria-hidden="true">
          <Camera />
        </span>
      </button>
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={texts.change}
        accept="image/png,image/jpeg,image/webp,image/gif"
        onChange={choose}
      />
      {upload.status === "running" ? (
        <div className="picture-field-progress">
          <ProgressBar label={texts.uploading(Math.round(upload.done * 100))} done={upload.done < 1 ? upload.done : null} />
          <p className="picture-field-note">{texts.uploading(Math.round(upload.done * 100))}</p>
        </div>
      ) : (
        <>
          <p className="picture-field-note">{isOver ? texts.drop : texts.hint}</p>
          {picture && (
            <Button tone="danger-plain" busy={isRemoving} onClick={() => void remove()}>
              <Trash2 />
              {texts.remove}
            </Button>
          )}
        </>
      )}
      {upload.status === "refused" && (
        <p className="picture-field-fault" role="alert">
          {upload.sentence}
        </p>
      )}
    </div>
  );
}
