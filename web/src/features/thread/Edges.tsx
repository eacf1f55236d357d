import { clsx } from "clsx";
import { useWords } from "../../bindings/language.tsx";
import type { Newer as NewerState, Older as OlderState } from "../../stores/state.ts";
import { Button } from "../../ui/Button.tsx";
import { Spinner } from "../../ui/Spinner.tsx";

/** What goes on with the messages before the oldest one loaded. */
export function Older({ older, onRetry }: { older: OlderState; onRetry: () => void }) {
  return <Edge status={older.status} side="before" onRetry={onRetry} />;
}

/** What goes on with the messages after the newest one loaded. */
export function Newer({ newer, onRetry }: { newer: NewerState; onRetry: () => void }) {
  return <Edge status={newer.status} side="after" onRetry={onRetry} />;
}

type EdgeProps = {
  status: (OlderState | NewerState)["status"];
  side: "before" | "after";
  onRetry: () => void;
};

// It lies over the list, so that nothing is moved by it.
function Edge({ status, side, onRetry }: EdgeProps) {
  const words = useWords();
  const place = clsx("edge", `edge-${side}`);
  if (status === "loading") {
    return (
      <p className={place} role="status" aria-label={words.loading}>
        <Spinner />
      </p>
    );
  }
  if (status !== "failed") return null;
  return (
    <p className={place} role="alert">
      {side === "before" ? words.thread.olderFailed : words.thread.newerFailed}
      <Button onClick={onRetry}>{words.tryAgain}</Button>
    </p>
  );
}
