import "./dialogs.css";
import type { Answer } from "../../../bindings/answer.ts";
import { useWords } from "../../../bindings/language.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Skeleton } from "../../../ui/Skeleton.tsx";
import { sentenceOf } from "../../../words/refusals.ts";

type AnswerOutlineProps = {
  answer: Exclude<Answer<unknown>, { status: "ready" }>;
  /** What could not be had. */
  failed: string;
  onRetry: () => void;
};

/** What stands in a dialog until its answer is there, or where none came. */
export function AnswerOutline({ answer, failed, onRetry }: AnswerOutlineProps) {
  const words = useWords();
  if (answer.status === "failed") {
    return (
      <div className="dialog-note" role="alert">
        <p>{failed}</p>
        <p>{sentenceOf(answer.error, words)}</p>
        <Button onClick={onRetry}>{words.tryAgain}</Button>
      </div>
    );
  }
  return (
    <div role="status" aria-label={words.loading}>
      {["52%", "38%", "61%"].map((width) => (
        <div key={width} className="people-line">
          <Skeleton shape="circle" width="2.5rem" height="2.5rem" />
          <Skeleton shape="line" width={width} height="0.8rem" />
        </div>
      ))}
    </div>
  );
}
