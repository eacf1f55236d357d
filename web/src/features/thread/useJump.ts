import { useCallback, useEffect, useState, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Place } from "../../model/history.ts";
import type { Row } from "../../model/rows.ts";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

const lit_ms = 1600;

type JumpOptions = {
  conversationId: string;
  listRef: RefObject<VirtualizerHandle | null>;
  rows: readonly Row[];
  /** A person wants to be elsewhere in the thread; what it answers is called when they are there, or cannot be. */
  onLeave: () => () => void;
};

/** Leads to a place in the history, has what is around it loaded, and lights the message there up. */
export function useJump({ conversationId, listRef, rows, onLeave }: JumpOptions) {
  const client = useClient();
  const words = useWords();
  const [target, setTarget] = useState<{ id: string } | null>(null);

  const jumpTo = useCallback(
    async (place: Place) => {
      const onArrived = onLeave();
      try {
        const id = await client.loadAround(conversationId, place);
        if (id === null) showToast(words.thread.notThere);
        else setTarget({ id });
      } catch (error) {
        showToast(sentenceOf(error, words));
      } finally {
        onArrived();
      }
    },
    [client, conversationId, onLeave, words],
  );

  const wanted = useStore(client.stores.places, (state) => state.wanted);
  const place = wanted?.conversationId === conversationId ? wanted.place : null;
  useEffect(() => {
    if (place === null) return undefined;
    const frame = requestAnimationFrame(() => {
      client.stores.places.setState({ wanted: null });
      void jumpTo(place);
    });
    return () => cancelAnimationFrame(frame);
  }, [client, place, jumpTo]);

  const index = target ? rows.findIndex((row) => isMessage(row, target.id)) : -1;
  useEffect(() => {
    if (!target || index < 0) return undefined;
    listRef.current?.scrollToIndex(index, { align: "center" });
    const timer = setTimeout(() => setTarget(null), lit_ms);
    return () => clearTimeout(timer);
  }, [target, index, listRef]);

  const toMessage = useCallback((messageId: string) => void jumpTo({ message_id: messageId }), [jumpTo]);
  return { toMessage, litId: index >= 0 && target ? target.id : null };
}

function isMessage(row: Row, id: string): boolean {
  return row.type === "message" && row.message.id === id;
}
