import { Camera, Trash2 } from "lucide-react";
import { useEffect, useRef, useState, type ChangeEvent } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Me } from "../../../model/user.ts";
import { ApiError } from "../../../protocol/errors.ts";
import { Avatar } from "../../../ui/Avatar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { ProgressBar } from "../../../ui/ProgressBar.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { usePictures } from "./usePictures.ts";

type Upload =
  | { readonly status: "none" }
  | { readonly status: "running"; readonly preview: string; readonly done: number }
  | { readonly status: "refused"; readonly sentence: string };

/** One's picture: shown large, taken from a file, a drop or the clipboard, and seen at once while it is sent. */
export function AvatarField({ me }: { me: Me }) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.avatar;
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
      await settings.changeAvatar(file, (sent, total) =>
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
      await settings.removeAvatar();
      setUpload({ status: "none" });
      showToast(texts.removed);
    } catch (error) {
      setUpload({ status: "refused", sentence: sentenceOf(error, words) });
    } finally {
      setIsRemoving(false);
    }
  };

  return (
    <div className="settings-who" data-over={isOver}>
      <button
        type="button"
        className="avatar-field"
        aria-label={me.avatar ? texts.change : texts.add}
        disabled={isBusy}
        onClick={() => input.current?.click()}
      >
        {preview === null ? (
          <Avatar id={me.id} name={me.display_name} picture={me.avatar} size="huge" />
        ) : (
          <img className="avatar-field-preview" src={preview} alt="" />
        )}
        <span className="avatar-field-veil" aria-hidden="true">
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
        <div className="avatar-field-progress">
          <ProgressBar label={texts.uploading(Math.round(upload.done * 100))} done={upload.done < 1 ? upload.done : null} />
          <p className="settings-soft">{texts.uploading(Math.round(upload.done * 100))}</p>
        </div>
      ) : (
        <>
          <p className="settings-soft">{isOver ? texts.drop : texts.hint}</p>
          {me.avatar && (
            <Button tone="danger-plain" busy={isRemoving} onClick={() => void remove()}>
              <Trash2 />
              {texts.remove}
            </Button>
          )}
        </>
      )}
      {upload.status === "refused" && (
        <p className="settings-fault" role="alert">
          {upload.sentence}
        </p>
      )}
    </div>
  );
}
