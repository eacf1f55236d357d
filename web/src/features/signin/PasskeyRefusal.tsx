import { useWords } from "../../bindings/language.tsx";
import { Refusal } from "./Refusal.tsx";

/** Why a passkey did not let anybody in: what the server says, or that the browser or the person did not use one. */
export function PasskeyRefusal({ error }: { error: unknown }) {
  const words = useWords();
  return (
    <Refusal
      error={error}
      text={error instanceof DOMException ? words.entrance.noPasskey : undefined}
    />
  );
}
