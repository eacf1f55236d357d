import { useEffect, useEffectEvent, type RefObject } from "react";
import { useClient } from "../bindings/client.tsx";
import { isArchived } from "../model/keeping.ts";

type ShortcutOptions = {
  search: RefObject<HTMLInputElement | null>;
  chatId: string | null;
  onOpen: (conversationId: string) => void;
  /** What Escape closes just now; nothing where left out. */
  onEscape?: () => void;
};

/** Keys that hold everywhere: Ctrl+K to search, Alt+Up and Alt+Down through the chats, Escape to close. */
export function useShortcuts({ search, chatId, onOpen, onEscape }: ShortcutOptions): void {
  const client = useClient();

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      search.current?.focus();
    } else if (step !== undefined && event.altKey) {
      const { byId, order: all } = client.stores.conversations.getState();
      // What is archived is not in view.
      const order = all.filter((id) => id === chatId || (byId[id] && !isArchived(byId[id], new Date())));
      const next = order[chatId === null ? 0 : order.indexOf(chatId) + step];
      event.preventDefault();
      if (next !== undefined) onOpen(next);
    } else if (event.key === "Escape") {
      onEscape?.();
    }
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
