import "./dialogs.css";
import { PinOff } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "zustand";
import { useClient, useUser } from "../../../bindings/client.tsx";
import { useLanguage, useWords } from "../../../bindings/language.tsx";
import { useNow } from "../../../bindings/now.ts";
import { useOpened } from "../../../bindings/sealed.ts";
import type { OwnConversation } from "../../../model/conversation.ts";
import type { Message } from "../../../model/message.ts";
import { mayPin } from "../../../model/rights.ts";
import { chatTime } from "../../../model/times.ts";
import { Avatar } from "../../../ui/Avatar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { IconButton } from "../../../ui/IconButton.tsx";
import { MessageLine } from "../../../ui/MessageLine.tsx";
import { nameOf } from "../../../words/names.ts";
import { summaryOf } from "../../../words/summaries.ts";
import { useThreadActs } from "../acts.ts";
import { useTry } from "../useTry.ts";

const none: readonly Message[] = [];

/** Everything that is pinned in a chat. */
export function PinnedDialog({ conversation, onClose }: { conversation: OwnConversation; onClose: () => void }) {
  const words = useWords();
  const client = useClient();
  const tryTo = useTry();
  const { onGoTo } = useThreadActs();
  const pins = useStore(client.stores.pins, ({ byConversation }) => byConversation[conversation.id]) ?? none;
  const isEmpty = pins.length === 0;
  useEffect(() => {
    if (isEmpty) onClose();
  }, [isEmpty, onClose]);
  return (
    <Dialog
      title={words.messages.pins.bar}
      closeLabel={words.close}
      onClose={onClose}
      footer={<Button onClick={onClose}>{words.close}</Button>}
    >
      <ul role="list" aria-label={words.messages.pins.bar}>
        {pins.map((message) => (
          <PinnedLine
            key={message.id}
            message={message}
            onShow={() => {
              onClose();
              onGoTo(conversation.id, message.id);
            }}
            {...(mayPin(conversation) && {
              onUnpin: () => void tryTo(client.messages.pin(message.id, false)),
            })}
          />
        ))}
      </ul>
    </Dialog>
  );
}

type PinnedLineProps = { message: Message; onShow: () => void; onUnpin?: () => void };

function PinnedLine({ message: stored, onShow, onUnpin }: PinnedLineProps) {
  const message = useOpened(stored);
  const { words, locale } = useLanguage();
  const now = useNow();
  const sender = useUser(message.sender);
  const name = nameOf(sender, words);
  return (
    <MessageLine
      picture={
        <Avatar id={message.sender} name={name} picture={sender?.avatar ?? null} deleted={sender?.is_deleted ?? false} />
      }
      name={name}
      at={message.inserted_at}
      time={chatTime(message.inserted_at, now, locale)}
      onPress={onShow}
      act={onUnpin && <IconButton label={words.messages.unpin} icon={<PinOff />} onClick={onUnpin} />}
    >
      {summaryOf(message, words)}
    </MessageLine>
  );
}
