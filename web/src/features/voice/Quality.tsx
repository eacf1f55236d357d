import type { Quality as Step } from "../../model/call_quality.ts";

const lit: Readonly<Record<Step, number>> = { poor: 1, fair: 2, good: 3 };

/** Three bars; what they say stands in the name of what they belong to. */
export function Quality({ quality, words }: { quality: Step; words: string }) {
  return (
    <span className={`call-quality call-quality-${quality}`} title={words} aria-hidden="true">
      {[1, 2, 3].map((bar) => (
        <i key={bar} data-on={bar <= lit[quality]} />
      ))}
    </span>
  );
}
