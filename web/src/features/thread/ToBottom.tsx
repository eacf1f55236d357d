import { ChevronDown } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { IconButton } from "../../ui/IconButton.tsx";

export function ToBottom({ unread, onPress }: { unread: number; onPress: () => void }) {
  const words = useWords();
  return (
    <div className="to-bottom">
      <IconButton
        tone="raised"
        label={words.thread.toBottom}
        icon={<ChevronDown />}
        onClick={onPress}
      />
      {unread > 0 && <Badge text={words.number(unread)} label={words.chats.unreadCount(unread)} />}
    </div>
  );
}
