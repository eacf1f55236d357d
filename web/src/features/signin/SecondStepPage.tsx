import { Clock, Fingerprint, KeyRound, Smartphone, X } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useWords } from "../../bindings/language.tsx";
import { type Method, offeredMethods, type SecondStep } from "../../model/entrance.ts";
import { ApiError } from "../../protocol/errors.ts";
import { canUsePasskeys } from "../../protocol/passkeys.ts";
import { Button } from "../../ui/Button.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { PasskeyStep } from "./PasskeyStep.tsx";
import { StepCodeForm } from "./StepCodeForm.tsx";

const icons = { totp: Smartphone, passkey: Fingerprint, recovery_code: KeyRound };

/** `step` is null where a reload forgot it. */
type SecondStepPageProps = { step: SecondStep | null; signInHref: string };

/** The second proof, by one of the methods that the account has. */
export function SecondStepPage({ step, signInHref }: SecondStepPageProps) {
  const { entrance } = useWords();
  const [chosen, setChosen] = useState<Method | null>(null);
  const [isOver, setIsOver] = useState(false);
  const texts = entrance.step;
  const offered = step ? offeredMethods(step, canUsePasskeys()) : [];
  const method = chosen ?? offered[0];

  if (step === null || isOver || method === undefined) {
    const isLacking = step !== null && !isOver;
    return (
      <AuthFrame
        sign={isLacking ? <X /> : <Clock />}
        title={isLacking ? texts.none : texts.over}
        lead={isLacking ? texts.noneText : texts.overText}
      >
        <Link className="button button-accent button-wide" href={signInHref}>
          {texts.again}
        </Link>
      </AuthFrame>
    );
  }

  const onRefused = (error: unknown) => {
    if (error instanceof ApiError && error.code === "invalid_token") setIsOver(true);
  };
  return (
    <AuthFrame
      title={texts.title}
      lead={texts[method]}
      footer={<Link href={signInHref}>{texts.again}</Link>}
    >
      {method === "passkey" ? (
        <PasskeyStep step={step} onRefused={onRefused} />
      ) : (
        <StepCodeForm key={method} step={step} method={method} onRefused={onRefused} />
      )}
      {offered.length > 1 && (
        <div className="auth-asides">
          {offered
            .filter((other) => other !== method)
            .map((other) => {
              const Icon = icons[other];
              return (
                <Button key={other} onClick={() => setChosen(other)}>
                  <Icon aria-hidden="true" />
                  {texts.use[other]}
                </Button>
              );
            })}
        </div>
      )}
    </AuthFrame>
  );
}
