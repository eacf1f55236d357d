import "./reactions.css";
import { useMemo, type PointerEvent } from "react";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Message, Reaction } from "../../model/message.ts";
import { Tooltip } from "../../ui/Tooltip.tsx";
import { useLongPress } from "../../ui/useLongPress.ts";
import { useThreadActs } from "./acts.ts";
import { useNames } from "./useNames.ts";
import { useTry } from "./useTry.ts";

const named_people = 6;

/** The emoji under a message, each to be joined or left. Who gave them is told by resting on one. */
export function Reactions({ message }: { message: Message }) {
  const words = useWords();
  return (
    <div className="reactions" role="group" aria-label={words.messages.reactions}>
      {message.reactions.map((reaction) => (
        <Chip key={reaction.emoji} message={message} reaction={reaction} />
      ))}
    </div>
  );
}

function Chip({ message, reaction }: { message: Message; reaction: Reaction }) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const tryTo = useTry();
  const { onAsk } = useThreadActs();
  const { emoji, count, user_ids } = reaction;
  const isOwn = user_ids.includes(me.id);
  const names = useNames(useMemo(() => user_ids.slice(0, named_people), [user_ids]));
  const showPeople = () => onAsk({ type: "reactors", message });
  const { onPointerDown, ...longPress } = useLongPress(showPeople);
  return (
    <Tooltip text={words.messages.reactedBy(names.join(", "), count - names.length)}>
      <button
        type="button"
        className="reaction"
        aria-pressed={isOwn}
        aria-label={words.messages.reaction(emoji, count)}
        onClick={() => void tryTo(client.messages.react(message, emoji, !isOwn))}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
          showPeople();
        }}
        {...longPress}
        onPointerDown={(event: PointerEvent<HTMLElement>) => {
          // A finger that rests here asks for the people and not for the menu of the message.
          event.stopPropagation();
          onPointerDown(event);
        }}
      >
        <span className="reaction-emoji" aria-hidden="true">
          {emoji}
        </span>
        <span aria-hidden="true">{words.number(count)}</span>
      </button>
    </Tooltip>
  );
}
