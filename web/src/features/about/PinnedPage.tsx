import { Pin } from "lucide-react";
import { useCallback } from "react";
import { useStore } from "zustand";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import { useAllOpened } from "../../bindings/sealed.ts";
import type { Message } from "../../model/message.ts";
import { chatTime } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { MessageLine } from "../../ui/MessageLine.tsx";
import { nameOf } from "../../words/names.ts";
import { summaryOf } from "../../words/summaries.ts";
import { AboutPage } from "./AboutPage.tsx";
import { Listed } from "./Listed.tsx";

type PinnedPageProps = { conversationId: string; onBack: () => void; onGoTo: (messageId: string) => void };

const none: readonly Message[] = [];

/** What is pinned in a chat, the newest pin first; each leads to its place. */
export function PinnedPage({ conversationId, onBack, onGoTo }: PinnedPageProps) {
  const { words, locale } = useLanguage();
  const { about } = words.gathering;
  const client = useClient();
  const now = useNow();
  const users = useStore(client.stores.users, (state) => state.byId);
  const known = useStore(client.stores.pins, ({ byConversation }) => byConversation[conversationId]);
  const ask = useCallback(() => client.messages.loadPinned(conversationId), [client, conversationId]);
  const { answer, load } = useAnswer(ask);
  const pinned = useAllOpened(known ?? none);
  return (
    <AboutPage title={about.pinned} onBack={onBack}>
      <Listed
        // The reading itself never fails: without an answer, nothing is known.
        status={answer.status === "ready" && known === undefined ? "failed" : answer.status}
        isEmpty={pinned.length === 0}
        empty={<EmptyState icon={<Pin />} title={about.pinnedEmpty} />}
        hasMore={false}
        onMore={() => void load()}
      >
        <ul className="about-list" role="list" aria-label={about.pinned}>
          {pinned.map((message) => {
            const sender = users[message.sender];
            const name = nameOf(sender, words);
            return (
              <MessageLine
                key={message.id}
                picture={
                  <Avatar
                    id={message.sender}
                    name={name}
                    picture={sender?.avatar ?? null}
                    deleted={sender?.is_deleted ?? false}
                  />
                }
                name={name}
                at={message.inserted_at}
                time={chatTime(message.inserted_at, now, locale)}
                onPress={() => onGoTo(message.id)}
              >
                {summaryOf(message, words)}
              </MessageLine>
            );
          })}
        </ul>
      </Listed>
    </AboutPage>
  );
}
