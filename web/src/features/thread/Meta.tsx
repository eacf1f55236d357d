import { BellOff, Pin, Star } from "lucide-react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import type { Message } from "../../model/message.ts";
import { clockTime, fullTime } from "../../model/times.ts";
import { Ticks } from "./Ticks.tsx";

type MetaProps = {
  message: Message;
  /** How far an own message has come; null for the others'. */
  tick: "sent" | "read" | null;
};

/** The small signs at the end of a message: what marks it bears, when it was sent, how far it has come. */
export function Meta({ message, tick }: MetaProps) {
  const { words, locale } = useLanguage();
  const client = useClient();
  const isStarred = useStore(client.stores.stars, ({ ids }) => ids.has(message.id));
  const isThere = !message.is_deleted;
  const { messages } = words;
  return (
    <>
      {isThere && isStarred && <Star className="meta-sign meta-star" role="img" aria-label={messages.starred} />}
      {isThere && message.pinned_at !== null && (
        <Pin className="meta-sign" role="img" aria-label={messages.pinned} />
      )}
      {isThere && message.silent && <BellOff className="meta-sign" role="img" aria-label={messages.silent} />}
      {isThere && message.edited && <span>{words.thread.edited}</span>}
      <time dateTime={message.inserted_at} title={fullTime(message.inserted_at, locale)}>
        {clockTime(message.inserted_at, locale)}
      </time>
      {isThere && tick && <Ticks state={tick} />}
    </>
  );
}
