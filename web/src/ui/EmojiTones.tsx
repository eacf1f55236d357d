import { useState } from "react";
import { useWords } from "../bindings/language.tsx";
import type { Tone } from "./emoji_data.ts";

const hands: readonly (readonly [Tone, string])[] = [
  [0, "✋"],
  [1, "✋🏻"],
  [2, "✋🏼"],
  [3, "✋🏽"],
  [4, "✋🏾"],
  [5, "✋🏿"],
];

type EmojiTonesProps = { tone: Tone; onChoose: (tone: Tone) => void };

/** In which skin tone people and hands are shown: the chosen one, and the others once it is pressed. */
export function EmojiTones({ tone, onChoose }: EmojiTonesProps) {
  const { tones, tone: label } = useWords().composing.emoji;
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen) {
    return (
      <button type="button" className="emoji-tone" aria-label={label} title={label} onClick={() => setIsOpen(true)}>
        {hands[tone]?.[1]}
      </button>
    );
  }
  return (
    <div className="emoji-tones" role="group" aria-label={label}>
      {hands.map(([each, hand]) => (
        <button
          key={each}
          type="button"
          className="emoji-tone"
          aria-label={tones[each]}
          aria-pressed={each === tone}
          onClick={() => {
            onChoose(each);
            setIsOpen(false);
          }}
        >
          {hand}
        </button>
      ))}
    </div>
  );
}
