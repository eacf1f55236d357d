import { useState, type ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";

/** Words that are covered until they are asked for. */
export function Spoiler({ text, children }: { text: string; children: ReactNode }) {
  const { messages } = useWords();
  const [isShown, setIsShown] = useState(false);
  if (isShown) return <span className="spoiler-open">{children}</span>;
  return (
    <button
      type="button"
      className="spoiler"
      aria-label={messages.hidden}
      onClick={() => setIsShown(true)}
    >
      <span aria-hidden="true">{text}</span>
    </button>
  );
}
