import { useState, type SubmitEvent } from "react";
import { useAction } from "../../bindings/action.ts";
import { useWords } from "../../bindings/language.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { fieldSentenceOf } from "../../words/refusals.ts";

/** A form whose fields tell their faults themselves: `names` are the wire's names of those that can. */
export function useForm(names: readonly string[]) {
  const words = useWords();
  const { action, run, forget } = useAction();
  const [tried, setTried] = useState(false);
  const refusal: unknown = action.status === "refused" ? action.error : null;
  const isTold = names.some((name) => fieldSentenceOf(refusal, name, words) !== undefined);

  return {
    /** It was tried to be sent: what is missing may be told. */
    tried,
    busy: action.status === "running",
    /** What was refused. */
    refusal,
    /** The same where no field tells it; null otherwise. */
    untold: isTold ? null : refusal,
    faultOf: (name: string) => fieldSentenceOf(refusal, name, words),
    run,
    /** To be called when a field changes. */
    forget,
    /** Begins anew, with other fields. */
    restart: () => {
      setTried(false);
      forget();
    },
    /** What the form does when it is sent: the work if everything is filled in, else the focus goes to what is not. */
    submit: (isFilled: boolean, work: () => Promise<void>) => (event: SubmitEvent<HTMLFormElement>) => {
      event.preventDefault();
      const form = event.currentTarget;
      setTried(true);
      if (isFilled) void run(work).then(() => focusFirstFault(form));
      else focusFirstFault(form);
    },
  };
}
