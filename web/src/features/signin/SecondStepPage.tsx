import { Fingerprint, KeyRound, Smartphone } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { readSecondStep, type SecondStep, type SecondStepMethod } from "../../model/entrance.ts";
import { canUsePasskeys } from "../../protocol/passkeys.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthForm } from "./AuthForm.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { useComingIn } from "./useComingIn.ts";
import { useFragment } from "./useFragment.ts";
import { useWithPasskey } from "./useWithPasskey.ts";

/** After the first proof: a code of the app, a passkey, or a recovery code. */
export function SecondStepPage({ signInHref }: { signInHref: string }) {
  const words = useWords();
  const step = readSecondStep(useFragment());
  const back = <Link href={signInHref}>{words.entrance.back}</Link>;
  const texts = words.entrance.secondStep;
  if (step === null) return <AuthFrame title={texts.title} lead={texts.gone} footer={back} />;
  return <Proving step={step} footer={back} />;
}

function Proving({ step, footer }: { step: SecondStep; footer: ReactNode }) {
  const words = useWords();
  const texts = words.entrance.secondStep;
  const methods = step.methods.filter(
    (method) => method !== "passkey" || canUsePasskeys(window.location.hostname),
  );
  const [method, setMethod] = useState<SecondStepMethod>(methods[0] ?? "recovery_code");
  const leads = { totp: texts.leadApp, passkey: texts.leadPasskey, recovery_code: texts.leadRecovery };
  const choices = {
    totp: { icon: <Smartphone />, text: texts.useApp },
    passkey: { icon: <Fingerprint />, text: texts.usePasskey },
    recovery_code: { icon: <KeyRound />, text: texts.useRecovery },
  };
  return (
    <AuthFrame title={texts.title} lead={leads[method]} footer={footer}>
      {method === "passkey" ? (
        <ByPasskey token={step.token} />
      ) : (
        <ByCode key={method} token={step.token} isRecovery={method === "recovery_code"} />
      )}
      <div className="auth-ways">
        {methods
          .filter((other) => other !== method)
          .map((other) => (
            <Button key={other} wide onClick={() => setMethod(other)}>
              {choices[other].icon}
              {choices[other].text}
            </Button>
          ))}
      </div>
    </AuthFrame>
  );
}

function ByCode({ token, isRecovery }: { token: string; isRecovery: boolean }) {
  const words = useWords();
  const { entrance } = useClient();
  const coming = useComingIn();
  const texts = words.entrance.secondStep;
  const [code, setCode] = useState("");
  return (
    <AuthForm
      coming={coming}
      act={words.entrance.continue}
      isFilled={code.trim() !== ""}
      names={["code"]}
      onAct={() => entrance.finishByCode(token, code.trim())}
    >
      {({ tried, faultOf }) => (
        <TextField
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step of a form that had the focus
          autoFocus
          label={isRecovery ? texts.recoveryCode : texts.code}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          inputMode={isRecovery ? "text" : "numeric"}
          maxLength={30}
          value={code}
          onChange={(event) => {
            setCode(event.target.value);
            coming.forget();
          }}
          error={(tried && !code.trim() ? texts.codeMissing : undefined) ?? faultOf("code")}
        />
      )}
    </AuthForm>
  );
}

function ByPasskey({ token }: { token: string }) {
  const words = useWords();
  const { entrance } = useClient();
  const coming = useComingIn();
  const withPasskey = useWithPasskey();
  return (
    <AuthForm
      coming={coming}
      act={words.entrance.secondStep.usePasskey}
      isFilled
      names={[]}
      onAct={withPasskey(() => entrance.finishByPasskey(token))}
    >
      {() => null}
    </AuthForm>
  );
}
