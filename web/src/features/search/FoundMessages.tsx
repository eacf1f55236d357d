import "./search.css";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { useClient, useUser } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import type { FoundMessage } from "../../model/search.ts";
import { chatTime } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { MessageLine } from "../../ui/MessageLine.tsx";
import { Spinner } from "../../ui/Spinner.tsx";
import { chatName, nameOf } from "../../words/names.ts";
import { Snippet } from "./Snippet.tsx";
import { useFoundMessages } from "./useFoundMessages.ts";

type FoundMessagesProps = {
  text: string;
  /** Nothing but messages can go by it, and where none does that is said. */
  isAlone: boolean;
  /** Leads to a message that was found. */
  onFound: (found: FoundMessage) => void;
};

/** The messages of all chats that go by the typed text, the best first. */
export function FoundMessages({ text, isAlone, onFound }: FoundMessagesProps) {
  const { words } = useLanguage();
  const { found, status, more } = useFoundMessages(text, null, false);
  const sealed = useFoundMessages(text, null, true);
  const count = found.length + sealed.found.length;
  if (count === 0 && (status === "searching" || sealed.status === "searching")) {
    return (
      <p className="found-more" role="status" aria-label={words.loading}>
        <Spinner />
      </p>
    );
  }
  if (count === 0 && status === "found") {
    if (!isAlone) return null;
    return (
      <EmptyState icon={<SearchX />} title={words.chats.nothingFound} text={words.chats.nothingFoundText(text)} />
    );
  }
  return (
    <>
      {(found.length > 0 || status === "failed") && (
        <FoundSection title={words.search.messages} found={found} onFound={onFound}>
          {status === "failed" && (
            <p className="found-fault" role="alert">
              {words.search.failed}
            </p>
          )}
        </FoundSection>
      )}
      {more && (
        <p className="found-more">
          <Button onClick={more}>{words.search.more}</Button>
        </p>
      )}
      {sealed.found.length > 0 && (
        <FoundSection title={words.encryption.thread.found} found={sealed.found} onFound={onFound}>
          <p className="found-note">{words.encryption.thread.foundText}</p>
        </FoundSection>
      )}
    </>
  );
}

type FoundSectionProps = {
  title: string;
  found: readonly FoundMessage[];
  onFound: (found: FoundMessage) => void;
  /** Stands under the title. */
  children: ReactNode;
};

function FoundSection({ title, found, onFound, children }: FoundSectionProps) {
  return (
    <section>
      <h2 className="found-title">{title}</h2>
      {children}
      <ul role="list" aria-label={title}>
        {found.map((each) => (
          <FoundRow key={each.message.id} found={each} onPress={() => onFound(each)} />
        ))}
      </ul>
    </section>
  );
}

function FoundRow({ found, onPress }: { found: FoundMessage; onPress: () => void }) {
  const { words, locale } = useLanguage();
  const now = useNow();
  const client = useClient();
  const { message, conversation, snippet } = found;
  const own = useStore(client.stores.conversations, (state) => state.byId[conversation.id]);
  const sender = useUser(message.sender);
  const title = own ? chatName(own, words) : (conversation.alias ?? conversation.name ?? "");
  return (
    <MessageLine
      picture={
        <Avatar
          id={own?.peer?.id ?? conversation.id}
          name={title}
          picture={own?.peer?.avatar ?? conversation.picture}
        />
      }
      name={title}
      at={message.inserted_at}
      time={chatTime(message.inserted_at, now, locale)}
      onPress={onPress}
    >
      {conversation.kind !== "private" && <b>{nameOf(sender, words)}: </b>}
      <Snippet pieces={snippet} />
    </MessageLine>
  );
}
