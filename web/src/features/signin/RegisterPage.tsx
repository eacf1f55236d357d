import { useState, type SubmitEvent } from "react";
import { Link } from "wouter";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { SecretField } from "../../ui/SecretField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { fieldSentenceOf, sentenceOf } from "../../words/refusals.ts";
import { AuthFrame } from "./AuthFrame.tsx";
import { registrationFaults, type RegistrationForm } from "./registration.ts";

const empty: RegistrationForm = { displayName: "", email: "", password: "" };

export function RegisterPage({ signInHref }: { signInHref: string }) {
  const client = useClient();
  const words = useWords();
  const { action, run, forget } = useAction();
  const [form, setForm] = useState(empty);
  const [tried, setTried] = useState(false);

  const faults = registrationFaults(form, words.register);
  const refusal = action.status === "refused" ? action.error : null;
  const faultOf = (field: keyof RegistrationForm, wireName: string) =>
    (tried ? faults[field] : undefined) ?? fieldSentenceOf(refusal, wireName, words);
  const isTold = ["display_name", "email", "password"].some((name) =>
    fieldSentenceOf(refusal, name, words),
  );

  const change = (edit: Partial<RegistrationForm>) => {
    setForm({ ...form, ...edit });
    forget();
  };

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length > 0) {
      focusFirstFault(event.currentTarget);
      return;
    }
    const registration = {
      display_name: form.displayName.trim(),
      email: form.email.trim(),
      password: form.password,
    };
    void run(() => client.register(registration));
  };

  return (
    <AuthFrame
      title={words.register.title}
      lead={words.register.lead}
      footer={
        <>
          {words.register.haveAccount} <Link href={signInHref}>{words.register.signin}</Link>
        </>
      }
    >
      <form className="auth-form" noValidate onSubmit={submit}>
        {refusal !== null && !isTold && (
          <p className="auth-refusal" role="alert">
            {sentenceOf(refusal, words)}
          </p>
        )}
        <TextField
          label={words.register.displayName}
          name="name"
          autoComplete="name"
          maxLength={50}
          value={form.displayName}
          onChange={(event) => change({ displayName: event.target.value })}
          error={faultOf("displayName", "display_name")}
        />
        <TextField
          label={words.register.email}
          name="email"
          type="email"
          autoComplete="email"
          value={form.email}
          onChange={(event) => change({ email: event.target.value })}
          error={faultOf("email", "email")}
        />
        <SecretField
          label={words.signin.password}
          name="password"
          autoComplete="new-password"
          hint={words.register.passwordHint}
          value={form.password}
          onChange={(event) => change({ password: event.target.value })}
          error={faultOf("password", "password")}
        />
        <Button type="submit" tone="accent" wide busy={action.status === "running"}>
          {words.register.submit}
        </Button>
      </form>
    </AuthFrame>
  );
}
