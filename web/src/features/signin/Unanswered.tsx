import { TriangleAlert } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Spinner } from "../../ui/Spinner.tsx";
import { sentenceOf } from "../../words/refusals.ts";
import { AuthFrame } from "./AuthFrame.tsx";

type UnansweredProps = {
  /** What is awaited, while it is. */
  running: string;
  /** What it is called that failed. */
  failed: string;
  /** Null: the answer is still on its way. */
  error: unknown;
  onRetry: () => void;
};

/** While the server has not said what a mail's link is good for, and where it did not say so. */
export function Unanswered({ running, failed, error, onRetry }: UnansweredProps) {
  const words = useWords();
  if (error === null) {
    return (
      <AuthFrame sign={<Spinner />} title={running} />
    );
  }
  return (
    <AuthFrame sign={<TriangleAlert />} title={failed} lead={sentenceOf(error, words)}>
      <Button tone="accent" wide onClick={onRetry}>
        {words.tryAgain}
      </Button>
    </AuthFrame>
  );
}
