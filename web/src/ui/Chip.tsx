import "./chip.css";

type ChipProps = { pressed: boolean; onPress: () => void; children: string };

/** One of several small choices in a row. */
export function Chip({ pressed, onPress, children }: ChipProps) {
  return (
    <button type="button" className="chip" aria-pressed={pressed} onClick={onPress}>
      {children}
    </button>
  );
}
