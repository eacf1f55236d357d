import { useWords } from "../../bindings/language.tsx";
import { sentenceOf } from "../../words/refusals.ts";

/** Why it was refused, over the form; nothing where nothing was, or where its fields tell. */
export function Refusal({ error, text }: { error: unknown; text?: string | undefined }) {
  const words = useWords();
  if (error === null) return null;
  return (
    <p className="auth-refusal" role="alert">
      {text ?? sentenceOf(error, words)}
    </p>
  );
}
