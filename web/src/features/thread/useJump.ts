import { useCallback, useEffect, useState, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Row } from "../../model/rows.ts";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

const lit_ms = 1600;

type JumpOptions = {
  conversationId: string;
  listRef: RefObject<VirtualizerHandle | null>;
  rows: readonly Row[];
  /** The place in the thread was chosen by a person. */
  onMoved: () => void;
};

/** Leads to a message, reads back until it is there, and lights it up. */
export function useJump({ conversationId, listRef, rows, onMoved }: JumpOptions) {
  const client = useClient();
  const words = useWords();
  const [target, setTarget] = useState<{ id: string } | null>(null);

  const jumpTo = useCallback(
    async (messageId: string) => {
      onMoved();
      try {
        const isThere = await client.loadBackTo(conversationId, messageId);
        if (isThere) setTarget({ id: messageId });
        else showToast(words.thread.tooFarBack);
      } catch (error) {
        showToast(sentenceOf(error, words));
      }
    },
    [client, conversationId, onMoved, words],
  );

  const index = target ? rows.findIndex((row) => isMessage(row, target.id)) : -1;
  useEffect(() => {
    if (!target || index < 0) return undefined;
    listRef.current?.scrollToIndex(index, { align: "center" });
    const timer = setTimeout(() => setTarget(null), lit_ms);
    return () => clearTimeout(timer);
  }, [target, index, listRef]);

  return { jumpTo, litId: index >= 0 && target ? target.id : null };
}

function isMessage(row: Row, id: string): boolean {
  return row.type === "message" && row.message.id === id;
}
