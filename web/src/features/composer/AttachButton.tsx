import { ChartBarBig, File, Image, Paperclip } from "lucide-react";
import { useRef, type ChangeEvent } from "react";
import { useWords } from "../../bindings/language.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";

type AttachButtonProps = {
  onFiles: (files: readonly File[]) => void;
  /** Absent where there are no polls. */
  onPoll?: (() => void) | undefined;
};

/** What can go with a message besides its text. */
export function AttachButton({ onFiles, onPoll }: AttachButtonProps) {
  const { composing } = useWords();
  const media = useRef<HTMLInputElement>(null);
  const any = useRef<HTMLInputElement>(null);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    // Chosen once more, the same file is to be sent once more.
    event.target.value = "";
    if (files.length > 0) onFiles(files);
  };
  return (
    <>
      <Menu
        side="top"
        align="end"
        trigger={<IconButton className="composer-tool" label={composing.attach} icon={<Paperclip />} />}
      >
        <MenuItem icon={<Image />} onSelect={() => media.current?.click()}>
          {composing.attachMedia}
        </MenuItem>
        <MenuItem icon={<File />} onSelect={() => any.current?.click()}>
          {composing.attachFile}
        </MenuItem>
        {onPoll && (
          <MenuItem icon={<ChartBarBig />} onSelect={onPoll}>
            {composing.attachPoll}
          </MenuItem>
        )}
      </Menu>
      <input
        ref={media}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={composing.attachMedia}
        accept="image/*,video/*"
        multiple
        onChange={choose}
      />
      <input
        ref={any}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-label={composing.attachFile}
        multiple
        onChange={choose}
      />
    </>
  );
}
