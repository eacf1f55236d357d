import "./emoji-picker.css";
import { Apple, Car, Clock3, Dog, Flag, Hash, Lightbulb, Smile, Trophy, UserRound } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useLanguage } from "../bindings/language.tsx";
import { finePointer } from "../bindings/media.ts";
import { Button } from "./Button.tsx";
import { categories, type Category, type Emoji, emojiFor, emojiIn, inTone, type Tone } from "./emoji_data.ts";
import { chooseTone, chosenTone, noteEmoji, recentEmoji } from "./emoji_memory.ts";
import { EmojiTones } from "./EmojiTones.tsx";
import { SearchField } from "./SearchField.tsx";

type EmojiPickerProps = { onPick: (emoji: string) => void };

type Shelf = "recent" | Category;
type Cell = { readonly emoji: string; readonly name: string };
type Line =
  | { readonly type: "title"; readonly key: string; readonly shelf: Shelf }
  | { readonly type: "cells"; readonly key: string; readonly from: number; readonly cells: readonly Cell[] };

const columns = 8;
const icons: Readonly<Record<Shelf, ReactNode>> = {
  recent: <Clock3 />,
  smileys: <Smile />,
  people: <UserRound />,
  nature: <Dog />,
  food: <Apple />,
  travel: <Car />,
  activities: <Trophy />,
  objects: <Lightbulb />,
  symbols: <Hash />,
  flags: <Flag />,
};

/** All emoji by kind, with a search. The field keeps the focus; the arrow keys walk through the emoji, Enter takes one. */
export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const { words, locale } = useLanguage();
  const texts = words.composing.emoji;
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [all, setAll] = useState<readonly Emoji[] | "loading" | "failed">("loading");
  const [text, setText] = useState("");
  const [tone, setTone] = useState<Tone>(chosenTone);
  const [recent] = useState(recentEmoji);
  const [active, setActive] = useState<number | null>(null);
  const [shelf, setShelf] = useState<Shelf>("recent");

  const load = () => {
    setAll("loading");
    emojiIn(locale).then(setAll, () => setAll("failed"));
  };
  useEffect(() => {
    emojiIn(locale).then(setAll, () => setAll("failed"));
  }, [locale]);
  useEffect(() => {
    // On a touch screen its keyboard would cover the emoji.
    if (matchMedia(finePointer).matches) field.current?.focus();
  }, []);

  const lines = useMemo(
    () => (typeof all === "string" ? [] : linesOf(all, { text, tone, recent })),
    [all, text, tone, recent],
  );
  const cells = useMemo(() => lines.flatMap((line) => (line.type === "cells" ? line.cells : [])), [lines]);

  const pick = (cell: Cell | undefined) => {
    if (!cell) return;
    noteEmoji(cell.emoji);
    onPick(cell.emoji);
  };
  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(cells.length - 1, index));
    setActive(next);
    const at = lines.findIndex((line) => line.type === "cells" && line.from <= next && next < line.from + line.cells.length);
    if (at >= 0) list.current?.scrollToIndex(at, { align: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const isSideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (step !== undefined && (active !== null || !isSideways)) {
      event.preventDefault();
      goTo(active === null ? 0 : active + step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(cells[active ?? 0]);
    }
  };
  const search = (value: string) => {
    setText(value);
    setActive(value === "" ? null : 0);
    list.current?.scrollTo(0);
  };
  const goToShelf = (next: Shelf) => {
    setText("");
    setActive(null);
    setShelf(next);
    const shown = typeof all === "string" ? [] : linesOf(all, { text: "", tone, recent });
    const at = shown.findIndex((line) => line.type === "title" && line.shelf === next);
    requestAnimationFrame(() => list.current?.scrollToIndex(at));
  };
  const look = () => {
    const handle = list.current;
    if (!handle || text) return;
    const top = lines.slice(0, handle.findItemIndex(handle.scrollOffset + 1) + 1);
    const title = top.findLast((line) => line.type === "title");
    if (title?.type === "title") setShelf(title.shelf);
  };

  return (
    <div className="emoji-picker">
      <div className="emoji-search">
        <SearchField
          ref={field}
          label={texts.search}
          clearLabel={words.clear}
          value={text}
          onChange={search}
          onKeyDown={onKeyDown}
          aria-controls={listId}
          {...(active === null ? {} : { "aria-activedescendant": `${listId}-${active}` })}
        />
        <EmojiTones
          tone={tone}
          onChoose={(chosen) => {
            chooseTone(chosen);
            setTone(chosen);
          }}
        />
      </div>
      <div className="emoji-shelves">
        {(["recent", ...categories] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-label={texts.shelves[each]}
            title={texts.shelves[each]}
            aria-pressed={!text && each === shelf}
            onClick={() => goToShelf(each)}
          >
            {icons[each]}
          </button>
        ))}
      </div>
      <div
        ref={scroller}
        className="emoji-list"
        id={listId}
        // A list box must have options, and nothing else.
        role={lines.length > 0 ? "listbox" : "group"}
        aria-label={texts.list}
        tabIndex={0}
      >
        {all === "loading" && <p className="emoji-note">{words.loading}</p>}
        {all === "failed" && (
          <p className="emoji-note" role="alert">
            {texts.failed} <Button onClick={load}>{words.tryAgain}</Button>
          </p>
        )}
        {typeof all !== "string" && lines.length === 0 && <p className="emoji-note">{texts.nothingFound}</p>}
        <Virtualizer ref={list} scrollRef={scroller} data={lines} itemSize={40} onScroll={look}>
          {(line) =>
            line.type === "title" ? (
              <p key={line.key} className="emoji-title" role="presentation">
                {texts.shelves[line.shelf]}
              </p>
            ) : (
              <div key={line.key} className="emoji-line" role="presentation">
                {line.cells.map((cell, index) => (
                  <div
                    key={cell.emoji}
                    id={`${listId}-${line.from + index}`}
                    className="emoji-cell"
                    role="option"
                    tabIndex={-1}
                    aria-label={cell.name}
                    title={cell.name}
                    aria-selected={line.from + index === active}
                    onPointerDown={(event) => event.preventDefault()}
                    onClick={() => pick(cell)}
                    onKeyDown={(event) => event.key === "Enter" && pick(cell)}
                  >
                    {cell.emoji}
                  </div>
                ))}
              </div>
            )
          }
        </Virtualizer>
      </div>
    </div>
  );
}

type View = { readonly text: string; readonly tone: Tone; readonly recent: readonly string[] };

function linesOf(all: readonly Emoji[], { text, tone, recent }: View): readonly Line[] {
  const cellOf = (emoji: Emoji): Cell => ({ emoji: inTone(emoji, tone), name: emoji.name });
  const shelves: (readonly [Shelf | null, readonly Cell[]])[] =
    text.trim() === ""
      ? [
          ["recent", recent.map((emoji) => ({ emoji, name: nameIn(all, emoji) }))],
          ...categories.map((category) => {
            const held = all.filter((emoji) => emoji.category === category);
            return [category, held.map(cellOf)] as const;
          }),
        ]
      : [[null, emojiFor(all, text).map(cellOf)]];
  const lines: Line[] = [];
  let from = 0;
  for (const [shelf, cells] of shelves) {
    if (shelf !== null && cells.length > 0) lines.push({ type: "title", key: shelf, shelf });
    for (let at = 0; at < cells.length; at += columns) {
      const part = cells.slice(at, at + columns);
      lines.push({ type: "cells", key: `${shelf} ${at}`, from, cells: part });
      from += part.length;
    }
  }
  return lines;
}

function nameIn(all: readonly Emoji[], sought: string): string {
  return all.find(({ plain, tones }) => plain === sought || tones.includes(sought))?.name ?? sought;
}
