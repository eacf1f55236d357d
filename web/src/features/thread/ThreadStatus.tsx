import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { useClient, useIsOnline } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useVoiceCount } from "../../bindings/voice.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Words } from "../../words/english.ts";

/** Who types, or else who is there, in one line. */
export function ThreadStatus({ conversation }: { conversation: OwnConversation }) {
  const words = useWords();
  const client = useClient();
  const { id, kind, peer } = conversation;
  const typists = useStore(client.stores.typing, (state) => state.byConversation[id]);
  const names = useStore(
    client.stores.users,
    useShallow((state) =>
      (typists ?? []).map((userId) => state.byId[userId]?.display_name ?? words.someone),
    ),
  );
  const peerOnline = useIsOnline(peer?.id);
  const onlineCount = useOnlineCount(id);
  const inVoice = useVoiceCount(id);

  if (names.length > 0) {
    return (
      <span className="thread-status thread-status-live">
        {kind === "private" ? words.thread.typing : typingSentence(names, words)}
        <span className="thread-dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </span>
    );
  }
  if (peer?.is_deleted) return null;
  if (inVoice > 0) return <span className="thread-status thread-status-live">{words.voice.count(inVoice)}</span>;
  if (kind === "private") {
    return peerOnline ? (
      <span className="thread-status thread-status-live">{words.thread.online}</span>
    ) : (
      <span className="thread-status">{words.thread.offline}</span>
    );
  }
  const parts = [words.thread.members(conversation.member_count)];
  if (kind === "group" && onlineCount > 1) parts.push(words.thread.onlineCount(onlineCount));
  return <span className="thread-status">{parts.join(", ")}</span>;
}

/** How many of the members are online; only of threads that are open, for those tell their members. */
function useOnlineCount(conversationId: string): number {
  const client = useClient();
  const readSeqs = useStore(client.stores.threads, (state) => {
    const thread = state.byConversation[conversationId];
    return thread?.status === "open" ? thread.readSeqs : undefined;
  });
  return useStore(
    client.stores.presence,
    ({ online }) => Object.keys(readSeqs ?? {}).filter((userId) => online.has(userId)).length,
  );
}

function typingSentence(names: readonly string[], words: Words): string {
  const [one, two] = names;
  if (one === undefined) return "";
  if (two === undefined) return words.thread.typingOne(one);
  if (names.length === 2) return words.thread.typingTwo(one, two);
  return words.thread.typingMany(names.length);
}
