import { Smile } from "lucide-react";
import { Popover } from "radix-ui";
import { Suspense, useState } from "react";
import { useWords } from "../../bindings/language.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Spinner } from "../../ui/Spinner.tsx";
import { EmojiPicker } from "./lazy.ts";

type EmojiButtonProps = { onPick: (emoji: string) => void; onClosed: () => void };

/** Opens the emoji, which stay open for as many as one wants. */
export function EmojiButton({ onPick, onClosed }: EmojiButtonProps) {
  const { emoji } = useWords().composing;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <IconButton className="composer-tool" label={emoji.button} icon={<Smile />} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="composer-emoji"
          aria-label={emoji.button}
          side="top"
          align="start"
          sideOffset={12}
          alignOffset={-8}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
        >
          <Suspense
            fallback={
              <div className="composer-emoji-coming">
                <Spinner />
              </div>
            }
          >
            <EmojiPicker onPick={onPick} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
