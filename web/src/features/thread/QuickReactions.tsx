import { ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useWords } from "../../bindings/language.tsx";
import { quickEmoji } from "./quick.ts";

type QuickReactionsProps = {
  hasReacted: (emoji: string) => boolean;
  onReact: (emoji: string, isWanted: boolean) => void;
  onMore: () => void;
};

/** The first items of a message's menu: a few emoji to react with at one press, and the way to all of them. */
export function QuickReactions({ hasReacted, onReact, onMore }: QuickReactionsProps) {
  const { messages } = useWords();
  return (
    <DropdownMenu.Group className="quick-reactions" aria-label={messages.quickReactions}>
      {quickEmoji.map((emoji) => (
        <DropdownMenu.CheckboxItem
          key={emoji}
          className="quick-reaction"
          aria-label={emoji}
          checked={hasReacted(emoji)}
          onCheckedChange={(isWanted) => onReact(emoji, isWanted)}
        >
          {emoji}
        </DropdownMenu.CheckboxItem>
      ))}
      <DropdownMenu.Item className="quick-reaction" aria-label={messages.moreEmoji} onSelect={onMore}>
        <ChevronDown />
      </DropdownMenu.Item>
    </DropdownMenu.Group>
  );
}
