import { Fingerprint } from "lucide-react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { SecondStep } from "../../model/entrance.ts";
import { Button } from "../../ui/Button.tsx";
import { PasskeyRefusal } from "./PasskeyRefusal.tsx";

type PasskeyStepProps = { step: SecondStep; onRefused: (error: unknown) => void };

/** A passkey as the second proof. The browser asks for it when the button is pressed, and not before. */
export function PasskeyStep({ step, onRefused }: PasskeyStepProps) {
  const words = useWords();
  const { entrance } = useClient();
  const { action, run } = useAction();

  const pass = async () => {
    try {
      await entrance.passSecondStepByPasskey(step);
    } catch (error) {
      onRefused(error);
      throw error;
    }
  };
  return (
    <div className="auth-form">
      {action.status === "refused" && <PasskeyRefusal error={action.error} />}
      <Button
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step of a form that had the focus
        autoFocus
        tone="accent"
        wide
        busy={action.status === "running"}
        onClick={() => void run(pass)}
      >
        <Fingerprint aria-hidden="true" />
        {words.entrance.step.use.passkey}
      </Button>
    </div>
  );
}
