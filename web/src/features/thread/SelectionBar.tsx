import "./selection-bar.css";
import { Copy, Forward, Star, Trash2, X } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useAllOpened } from "../../bindings/sealed.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Message } from "../../model/message.ts";
import { mayDelete, mayForward } from "../../model/rights.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { useThreadActs } from "./acts.ts";
import { chosenOf, clear } from "./selection.ts";
import { useCopy } from "./useCopy.ts";
import { useTry } from "./useTry.ts";

const none: readonly Message[] = [];

/** What can be done with all chosen messages; it stands where one writes. */
export function SelectionBar({ conversation }: { conversation: OwnConversation }) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const copy = useCopy();
  const tryTo = useTry();
  const { selection, onAsk } = useThreadActs();
  const thread = useStore(client.stores.threads, ({ byConversation }) => {
    const state = byConversation[conversation.id];
    return state?.status === "open" ? state.messages : none;
  });
  const stars = useStore(client.stores.stars, ({ ids }) => ids);
  const chosen = useAllOpened(chosenOf(useStore(selection), thread));
  const stop = () => clear(selection);
  useEscape(stop);

  const texts = words.messages.selecting;
  const isAllStarred = chosen.every((message) => stars.has(message.id));
  const mayDeleteAll = chosen.every((message) => mayDelete(message, conversation, me.id));
  const text = chosen.map((message) => message.content).filter((content) => content !== "").join("\n\n");
  const star = async () => {
    for (const message of chosen) await client.messages.star(message.id, !isAllStarred);
    stop();
  };
  return (
    <div className="selection-bar" role="toolbar" aria-label={texts.bar}>
      <IconButton label={texts.stop} icon={<X />} onClick={stop} />
      <p className="selection-bar-count" role="status">
        {texts.count(chosen.length)}
      </p>
      {mayForward(conversation) && (
        <IconButton
          label={words.messages.forward}
          icon={<Forward />}
          onClick={() => onAsk({ type: "forward", messages: chosen })}
        />
      )}
      {text !== "" && (
        <IconButton
          label={words.thread.copy}
          icon={<Copy />}
          onClick={() => {
            void copy(text, { done: words.thread.copied, failed: words.thread.copyFailed });
            stop();
          }}
        />
      )}
      <IconButton
        label={isAllStarred ? words.messages.unstar : words.messages.star}
        icon={<Star fill={isAllStarred ? "currentcolor" : "none"} />}
        onClick={() => void tryTo(star())}
      />
      {mayDeleteAll && (
        <IconButton
          className="selection-bar-delete"
          label={words.thread.delete}
          icon={<Trash2 />}
          onClick={() => onAsk({ type: "delete", messages: chosen })}
        />
      )}
    </div>
  );
}

/** Before anything else that Escape closes, but not over a dialog, which it closes first. */
function useEscape(onEscape: () => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("[role=dialog], [role=menu]") !== null) return;
    event.preventDefault();
    event.stopPropagation();
    onEscape();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", listen, { capture: true });
    return () => document.removeEventListener("keydown", listen, { capture: true });
  }, []);
}
