import { Camera, X } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useWords } from "../../bindings/language.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { usePictures } from "../../ui/usePictures.ts";

type PictureChoiceProps = { picture: Blob | null; onChange: (picture: Blob | null) => void };

/** The picture of what is about to be made; it is sent once that is there. */
export function PictureChoice({ picture, onChange }: PictureChoiceProps) {
  const words = useWords();
  const texts = words.settings.avatar;
  const input = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => (picture === null ? null : URL.createObjectURL(picture)), [picture]);
  useEffect(() => () => {
    if (shown !== null) URL.revokeObjectURL(shown);
  }, [shown]);

  const take = (file: Blob) => {
    if (file.type.startsWith("image/")) onChange(file);
    else showToast(texts.notPicture);
  };
  usePictures(take);

  return (
    <div className="picture-choice">
      <button
        type="button"
        className="picture-choice-face"
        aria-label={picture === null ? texts.add : texts.change}
        onClick={() => input.current?.click()}
      >
        {shown === null ? <Camera /> : <img src={shown} alt="" />}
      </button>
      {picture !== null && <IconButton label={texts.remove} icon={<X />} onClick={() => onChange(null)} />}
      <input
        ref={input}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={texts.change}
        accept="image/png,image/jpeg,image/webp,image/gif"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) take(file);
        }}
      />
    </div>
  );
}
