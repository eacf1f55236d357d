import { Star, StarOff } from "lucide-react";
import { useCallback, useState } from "react";
import { useStore } from "zustand";
import { useAction } from "../../../bindings/action.ts";
import { useAnswer } from "../../../bindings/answer.ts";
import { useClient, useConversation, useMe, useUser } from "../../../bindings/client.tsx";
import { useLanguage, useWords } from "../../../bindings/language.tsx";
import { useNow } from "../../../bindings/now.ts";
import { useOpened } from "../../../bindings/sealed.ts";
import type { Page } from "../../../model/conversation.ts";
import type { Message } from "../../../model/message.ts";
import { chatTime } from "../../../model/times.ts";
import { Avatar } from "../../../ui/Avatar.tsx";
import { Button } from "../../../ui/Button.tsx";
import { EmptyState } from "../../../ui/EmptyState.tsx";
import { IconButton } from "../../../ui/IconButton.tsx";
import { MessageLine } from "../../../ui/MessageLine.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { chatName, nameOf } from "../../../words/names.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { summaryOf } from "../../../words/summaries.ts";
import { Loaded } from "../Loaded.tsx";
import { SettingsBlock } from "../SettingsFrame.tsx";

/** The messages that one wanted to find again, from all chats. */
export function StarredPage({ onOpen }: { onOpen: (conversationId: string) => void }) {
  const client = useClient();
  const ask = useCallback(() => client.messages.starred(), [client]);
  const { answer, load, put } = useAnswer(ask);
  return (
    <Loaded answer={answer} onRetry={() => void load()} rows={6} ofBlocks>
      {(page) => <Stars page={page} onPage={put} onOpen={onOpen} />}
    </Loaded>
  );
}

type StarsProps = {
  page: Page<Message>;
  onPage: (page: Page<Message>) => void;
  onOpen: (conversationId: string) => void;
};

function Stars({ page, onPage, onOpen }: StarsProps) {
  const words = useWords();
  const client = useClient();
  const { action, run } = useAction();
  const ids = useStore(client.stores.stars, (state) => state.ids);
  // One that loses its star while it is looked at stays until one comes back, so that it can be given again.
  const [first] = useState(page);
  const { items, page_token } = page;
  const texts = words.messages.stars;
  if (first.items.length === 0) {
    return (
      <SettingsBlock>
        <EmptyState icon={<Star />} title={texts.empty} text={texts.emptyText} />
      </SettingsBlock>
    );
  }
  const more = (token: string) =>
    run(async () => {
      const next = await client.messages.starred(token);
      onPage({ items: [...items, ...next.items], page_token: next.page_token });
    });
  return (
    <SettingsBlock>
      <ul role="list" aria-label={texts.title}>
        {items.map((message) => (
          <StarredLine
            key={message.id}
            message={message}
            isStarred={ids.has(message.id)}
            onShow={() => {
              client.goTo(message.conversation_id, { message_id: message.id });
              onOpen(message.conversation_id);
            }}
          />
        ))}
      </ul>
      {action.status === "refused" && <p role="alert">{sentenceOf(action.error, words)}</p>}
      {page_token !== null && (
        <Button wide busy={action.status === "running"} onClick={() => void more(page_token)}>
          {texts.more}
        </Button>
      )}
    </SettingsBlock>
  );
}

type StarredLineProps = { message: Message; isStarred: boolean; onShow: () => void };

function StarredLine({ message: stored, isStarred, onShow }: StarredLineProps) {
  const message = useOpened(stored);
  const { words, locale } = useLanguage();
  const now = useNow();
  const client = useClient();
  const me = useMe();
  const sender = useUser(message.sender);
  const conversation = useConversation(message.conversation_id);
  const name = message.sender === me.id ? words.you : nameOf(sender, words);
  const star = async () => {
    try {
      await client.messages.star(message.id, !isStarred);
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  return (
    <MessageLine
      picture={
        <Avatar
          id={message.sender}
          name={nameOf(sender, words)}
          picture={sender?.avatar ?? null}
          deleted={sender?.is_deleted ?? false}
        />
      }
      name={conversation ? words.messages.stars.in(name, chatName(conversation, words)) : name}
      at={message.inserted_at}
      time={chatTime(message.inserted_at, now, locale)}
      onPress={onShow}
      act={
        <IconButton
          label={isStarred ? words.messages.unstar : words.messages.star}
          icon={isStarred ? <StarOff /> : <Star />}
          onClick={() => void star()}
        />
      }
    >
      {summaryOf(message, words)}
    </MessageLine>
  );
}
