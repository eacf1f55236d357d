import { useEffect } from "react";
import { useAction } from "../../bindings/action.ts";
import { useCountdown } from "../../bindings/countdown.ts";
import { useWords } from "../../bindings/language.tsx";
import { waitOf } from "../../model/waits.ts";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { Refusal } from "./Refusal.tsx";

/** Within this what was sent comes, as a rule. */
const patience_s = 30;

type AgainProps = {
  label: string;
  /** What stands there until it may be asked for again. */
  waiting: (wait: string) => string;
  onAgain: () => Promise<void>;
};

/** Has something sent once more, a while after it was sent before. */
export function Again({ label, waiting, onAgain }: AgainProps) {
  const words = useWords();
  const [left_s, wait] = useCountdown();
  const { action, run } = useAction();
  useEffect(() => wait(patience_s), [wait]);

  const again = async () => {
    try {
      await onAgain();
      wait(patience_s);
    } catch (error) {
      if (error instanceof ApiError && error.retryAfter_s !== null) wait(error.retryAfter_s);
      throw error;
    }
  };
  const left = waitOf(left_s);
  return (
    <>
      {action.status === "refused" && <Refusal error={action.error} />}
      {left_s > 0 ? (
        <p className="auth-wait">{waiting(words.waits[left.unit](left.count))}</p>
      ) : (
        <Button busy={action.status === "running"} onClick={() => void run(again)}>
          {label}
        </Button>
      )}
    </>
  );
}
