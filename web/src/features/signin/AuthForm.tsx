import { useState, type ReactNode, type SubmitEvent } from "react";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";
import type { Coming } from "./useComingIn.ts";

export type AuthFormState = {
  /** It was tried to be sent: what is missing may be told. */
  tried: boolean;
  /** What is wrong with the field of this name on the wire, where the server says so. */
  faultOf: (name: string) => string | undefined;
};

type AuthFormProps = {
  coming: Coming;
  act: string;
  /** Whether the fields are filled in as they should be. */
  isFilled: boolean;
  /** The wire's names of the fields, which show their faults themselves. */
  names: readonly string[];
  onAct: () => Promise<void>;
  children: (form: AuthFormState) => ReactNode;
};

/** A few fields and the one button that sends them. What is wrong stands beside its field, or above them all. */
export function AuthForm({ coming, act, isFilled, names, onAct, children }: AuthFormProps) {
  const words = useWords();
  const [tried, setTried] = useState(false);
  const faultOf = (name: string) => fieldSentenceOf(coming.refusal, name, words);
  const isTold = names.some((name) => faultOf(name) !== undefined);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const form = event.currentTarget;
    if (isFilled) void coming.run(onAct).then(() => focusFirstFault(form));
    else focusFirstFault(form);
  };
  return (
    <form className="auth-form" noValidate onSubmit={submit}>
      {coming.refusal !== null && !isTold && (
        <p className="auth-refusal" role="alert">
          {sentenceOf(coming.refusal, words)}
        </p>
      )}
      {children({ tried, faultOf })}
      <Button type="submit" tone="accent" wide busy={coming.isBusy}>
        {act}
      </Button>
    </form>
  );
}
