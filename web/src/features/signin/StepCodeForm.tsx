import { useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Method, SecondStep } from "../../model/entrance.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { Refusal } from "./Refusal.tsx";
import { useForm } from "./useForm.ts";

type StepCodeFormProps = {
  step: SecondStep;
  method: Exclude<Method, "passkey">;
  onRefused: (error: unknown) => void;
};

/** A code as the second proof. The server takes either kind, so a recovery code may stand in the app's place as well. */
export function StepCodeForm({ step, method, onRefused }: StepCodeFormProps) {
  const words = useWords();
  const { entrance } = useClient();
  const texts = words.entrance.step;
  const form = useForm(["code"]);
  const [code, setCode] = useState("");
  const typed = code.trim();

  const pass = async () => {
    try {
      await entrance.passSecondStep(step, typed);
    } catch (error) {
      onRefused(error);
      throw error;
    }
  };
  return (
    <form className="auth-form" noValidate onSubmit={form.submit(typed !== "", pass)}>
      <Refusal error={form.untold} />
      <TextField
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step of a form that had the focus
        autoFocus
        label={texts.label[method]}
        name="code"
        autoComplete={method === "totp" ? "one-time-code" : "off"}
        inputMode={method === "totp" ? "numeric" : "text"}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        value={code}
        onChange={(event) => {
          setCode(event.target.value);
          form.forget();
        }}
        error={(form.tried && typed === "" ? texts.missing : undefined) ?? form.faultOf("code")}
      />
      <Button type="submit" tone="accent" wide busy={form.busy}>
        {words.entrance.continue}
      </Button>
    </form>
  );
}
