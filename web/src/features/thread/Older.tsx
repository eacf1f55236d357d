import { useWords } from "../../bindings/language.tsx";
import type { Older as OlderState } from "../../stores/state.ts";
import { Button } from "../../ui/Button.tsx";
import { Spinner } from "../../ui/Spinner.tsx";

/** What goes on with the messages before the oldest one; it lies over the list, so that nothing is moved by it. */
export function Older({ older, onRetry }: { older: OlderState; onRetry: () => void }) {
  const words = useWords();
  if (older.status === "loading") {
    return (
      <p className="older" role="status" aria-label={words.loading}>
        <Spinner />
      </p>
    );
  }
  if (older.status !== "failed") return null;
  return (
    <p className="older" role="alert">
      {words.thread.olderFailed}
      <Button onClick={onRetry}>{words.tryAgain}</Button>
    </p>
  );
}
