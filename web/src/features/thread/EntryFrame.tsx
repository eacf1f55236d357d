import { clsx } from "clsx";
import { Check, ChevronDown } from "lucide-react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Message } from "../../model/message.ts";
import type { Point } from "../../ui/ContextMenu.tsx";
import { useLongPress } from "../../ui/useLongPress.ts";
import { useThreadActs } from "./acts.ts";
import { extendTo, toggle } from "./selection.ts";

type EntryFrameProps = {
  id: string;
  label: string;
  own: boolean;
  last: boolean;
  flashing?: boolean;
  hasMenu: boolean;
  onMenu: (at: Point) => void;
  /** What is chosen by pressing while messages are chosen; nothing where it cannot be. */
  choosable?: Message | undefined;
  face?: ReactNode;
  children: ReactNode;
};

/** What stored and pending messages share: the article, its side, the ways to its menu, and being chosen. */
export function EntryFrame(props: EntryFrameProps) {
  const { id, label, own, last, flashing = false, hasMenu, onMenu, choosable } = props;
  const words = useWords();
  const longPress = useLongPress(onMenu);
  const { isChoosing, isChosen, choose } = useChoosing(choosable);
  const ways = {
    ...longPress,
    onContextMenu: (event: MouseEvent) => {
      event.preventDefault();
      onMenu({ x: event.clientX, y: event.clientY });
    },
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its checkbox takes the keys; a press beside it does the same
    <article
      className={clsx(
        "entry",
        own && "entry-own",
        last && "entry-last",
        flashing && "entry-lit",
        isChoosing && "entry-choosing",
        isChosen && "entry-chosen",
      )}
      aria-label={label}
      tabIndex={-1}
      data-message={id}
      {...(hasMenu && !isChoosing && ways)}
      {...(isChoosing && {
        onClickCapture: (event: MouseEvent) => {
          event.preventDefault();
          event.stopPropagation();
          choose(event.shiftKey);
        },
      })}
    >
      {isChoosing && (
        <span
          className={clsx("entry-check", !choosable && "entry-check-none")}
          {...(choosable && {
            role: "checkbox",
            tabIndex: 0,
            "aria-checked": isChosen,
            "aria-label": words.messages.selecting.one(label),
            onKeyDown: (event: KeyboardEvent) => {
              if (event.key !== " " && event.key !== "Enter") return;
              event.preventDefault();
              event.stopPropagation();
              choose(event.shiftKey);
            },
          })}
        >
          {isChosen && <Check aria-hidden="true" />}
        </span>
      )}
      {props.face}
      <div className="entry-body">
        {props.children}
        {hasMenu && !isChoosing && (
          <button
            type="button"
            className="entry-actions"
            tabIndex={-1}
            aria-label={words.thread.actions}
            aria-haspopup="menu"
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              onMenu({ x: box.left, y: box.bottom });
            }}
          >
            <ChevronDown />
          </button>
        )}
      </div>
    </article>
  );
}

function useChoosing(choosable: Message | undefined) {
  const client = useClient();
  const { selection } = useThreadActs();
  const isChoosing = useStore(selection, ({ chosen }) => chosen.size > 0);
  const isChosen = useStore(selection, ({ chosen }) => choosable !== undefined && chosen.has(choosable.id));
  const choose = (isRange: boolean) => {
    if (choosable === undefined) return;
    const thread = client.stores.threads.getState().byConversation[choosable.conversation_id];
    if (isRange && thread?.status === "open") extendTo(selection, choosable, thread.messages);
    else toggle(selection, choosable);
  };
  return { isChoosing, isChosen, choose };
}
