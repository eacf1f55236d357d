import { useConversation, useMe, useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Origin } from "../../model/message.ts";
import { chatName, nameOf } from "../../words/names.ts";
import { useThreadActs } from "./acts.ts";

/** Who said it first, and in which room, if the reader is in it. */
export function Forwarded({ origin }: { origin: Origin }) {
  const words = useWords();
  const me = useMe();
  const sender = useUser(origin.sender);
  const room = useConversation(origin.conversation_id ?? "");
  const { onPerson, onGoTo } = useThreadActs();
  const name = origin.sender === me.id ? words.you : nameOf(sender, words);
  return (
    <p className="forwarded">
      {words.messages.forwarding.from}{" "}
      {room ? (
        <button type="button" onClick={() => onGoTo(room.id, origin.message_group)}>
          {`${name} · ${chatName(room, words)}`}
        </button>
      ) : (
        <button type="button" onClick={() => onPerson(origin.sender)}>
          {name}
        </button>
      )}
    </p>
  );
}
