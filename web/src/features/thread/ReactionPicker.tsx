import "./reaction-picker.css";
import { Popover } from "radix-ui";
import { Suspense } from "react";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Message } from "../../model/message.ts";
import { hasReacted } from "../../model/wishes.ts";
import type { Point } from "../../ui/ContextMenu.tsx";
import { Spinner } from "../../ui/Spinner.tsx";
import { EmojiPicker } from "./lazy.ts";
import { quickEmoji } from "./quick.ts";
import { useShown } from "./useShown.ts";
import { useTry } from "./useTry.ts";

type ReactionPickerProps = { message: Message; at: Point; onClose: () => void };

/** All emoji to react with, where the menu stood. */
export function ReactionPicker({ message, at, onClose }: ReactionPickerProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const tryTo = useTry();
  const shown = useShown(message);
  const react = (emoji: string, isWanted: boolean) => {
    onClose();
    void tryTo(client.messages.react(message, emoji, isWanted));
  };
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor asChild>
        <span className="context-menu-point" style={{ left: at.x, top: at.y }} aria-hidden="true" />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className="reaction-picker"
          align="start"
          sideOffset={2}
          collisionPadding={8}
          aria-label={words.messages.react}
        >
          <div className="reaction-picker-quick" role="group" aria-label={words.messages.quickReactions}>
            {quickEmoji.map((emoji) => {
              const isThere = hasReacted(shown, emoji, me.id);
              return (
                <button
                  key={emoji}
                  type="button"
                  className="quick-reaction"
                  aria-label={emoji}
                  aria-pressed={isThere}
                  onClick={() => react(emoji, !isThere)}
                >
                  {emoji}
                </button>
              );
            })}
          </div>
          <Suspense
            fallback={
              <p className="reaction-picker-wait" role="status" aria-label={words.loading}>
                <Spinner />
              </p>
            }
          >
            <EmojiPicker onPick={(emoji) => react(emoji, true)} />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
