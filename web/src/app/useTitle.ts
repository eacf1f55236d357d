import { useEffect } from "react";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";

/** Counts the unread messages in the title of the window and on the icon of the installed client. */
export function useTitle(): void {
  const client = useClient();
  const words = useWords();
  const unread = useStore(client.stores.conversations, ({ byId }) =>
    Object.values(byId).reduce((sum, conversation) => sum + conversation.unread, 0),
  );

  useEffect(() => {
    document.title = unread > 0 ? `(${words.number(unread)}) ${words.appName}` : words.appName;
    void navigator.setAppBadge?.(unread).catch(() => undefined);
    return () => {
      document.title = words.appName;
    };
  }, [unread, words]);
}
