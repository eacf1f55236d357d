import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useAllOpened } from "../../bindings/sealed.ts";
import type { Viewed } from "../../bindings/viewer.ts";
import type { Message } from "../../model/message.ts";
import { galleryOf, joined } from "./gallery.ts";

const none: readonly Message[] = [];
/** So few before it, and more are read. */
const near = 3;

/** All that can be looked at in the conversation, as far as it is loaded, and where in it one is; older ones are read on the way. */
export function useGallery(viewed: Viewed) {
  const client = useClient();
  const id = viewed.message.conversation_id;
  const isSealed = viewed.message.encrypted === true;
  const thread = useStore(client.stores.threads, ({ byConversation }) => byConversation[id]);
  const loaded = useAllOpened(thread?.status === "open" ? thread.messages : none);
  const [read, setRead] = useState(none);
  const items = useMemo(() => galleryOf(joined(read, loaded), viewed), [read, loaded, viewed]);
  const place = items.findIndex(({ attachment }) => attachment.id === viewed.attachment.id);

  /** Undefined: none is read yet; null: all are. */
  const token = useRef<string | null | undefined>(undefined);
  const isReading = useRef(false);
  const readMore = useCallback(async () => {
    // Of encrypted chats the server cannot tell what is a picture.
    if (isSealed || isReading.current || token.current === null) return;
    isReading.current = true;
    try {
      const page = await client.media(id, "image", token.current);
      token.current = page.page_token;
      setRead((before) => joined(before, page.items));
    } catch {
      // Those that are loaded can be looked at all the same.
      token.current = null;
    } finally {
      isReading.current = false;
    }
  }, [client, id, isSealed]);
  useEffect(() => {
    if (place < near) void readMore();
  }, [place, readMore]);
  return { items, place };
}
