import { useEffect } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useCallWords } from "../../bindings/call_words.ts";
import { useWords } from "../../bindings/language.tsx";
import type { Ring } from "../../model/voice.ts";
import { nameOf } from "../../words/names.ts";
import { RingCard } from "./RingCard.tsx";

type RingsProps = {
  rings: readonly Ring[];
  onOpen: (conversationId: string) => void;
  urlOf: (conversationId: string) => string;
};

/** All calls that come in. */
export function Rings({ rings, onOpen, urlOf }: RingsProps) {
  const { voice } = useClient();
  useNotices(rings, urlOf);
  return (
    <div className="rings">
      {rings.map((ring) => (
        <RingCard
          key={ring.conversation_id}
          ring={ring}
          onAccept={() => {
            onOpen(ring.conversation_id);
            void voice.join(ring.conversation_id);
          }}
        />
      ))}
    </div>
  );
}

/** Tells of a call outside the page, which is out of view. */
function useNotices(rings: readonly Ring[], urlOf: RingsProps["urlOf"]): void {
  const words = useWords();
  const { ring: texts } = useCallWords();
  const { notices } = useClient();
  useEffect(() => {
    if (document.visibilityState === "visible") return;
    for (const { conversation_id, user } of rings) {
      void notices.show({
        conversationId: `call ${conversation_id}`,
        seq: 0,
        title: texts.title(nameOf(user, words)),
        body: texts.open,
        icon: user.avatar,
        url: urlOf(conversation_id),
        // No push of the server's says it.
        isSealed: true,
      });
    }
  }, [notices, rings, words, texts, urlOf]);
}
