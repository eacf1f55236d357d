import { useEffect } from "react";
import { useLocation } from "wouter";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import type { Client } from "../client/client.ts";
import type { Message } from "../model/message.ts";
import type { Words } from "../words/english.ts";
import { previewOf } from "../model/previews.ts";
import { chatName, nameOf } from "../words/names.ts";
import { routes } from "./routes.ts";

/** Tells of messages outside the page, and goes to the chat whose notice was clicked. */
export function useNotices(): void {
  const client = useClient();
  const words = useWords();
  const [, navigate] = useLocation();
  const told = useStore(client.stores.notices, (state) => state.told);

  useEffect(() => {
    if (told !== null) void show(client, told, words);
  }, [client, told, words]);

  useEffect(() => {
    const worker = navigator.serviceWorker;
    const hear = ({ data }: MessageEvent<{ type?: string; url?: string }>) => {
      if (data.type === "open" && data.url !== undefined) navigate(data.url);
    };
    worker?.addEventListener("message", hear);
    return () => worker?.removeEventListener("message", hear);
  }, [navigate]);
}

async function show(client: Client, message: Message, words: Words): Promise<void> {
  const { conversations, notices, users } = client.stores;
  const conversation = conversations.getState().byId[message.conversation_id];
  if (conversation === undefined) return;
  const sender = users.getState().byId[message.sender];
  const isHidden = notices.getState().settings?.shows_text === false;
  const plain = isHidden ? words.notices.hiddenText : previewOf(message);
  // What is encrypted stays in the page: other programs see what a notification says.
  const text = message.encrypted ? words.encryption.closed.summary : plain;
  await client.notices.show({
    conversationId: conversation.id,
    seq: message.seq,
    title: chatName(conversation, words),
    body: conversation.kind === "private" ? text : `${nameOf(sender, words)}: ${text}`,
    icon: sender?.avatar ?? null,
    url: routes.chat(conversation.id),
    isSealed: message.encrypted === true,
  });
}
