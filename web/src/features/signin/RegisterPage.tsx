import { useState } from "react";
import { Link } from "wouter";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { ProviderLinks } from "./ProviderLinks.tsx";
import { Refusal } from "./Refusal.tsx";
import { registrationFaults, type RegistrationForm } from "./registration.ts";
import { useForm } from "./useForm.ts";

const empty: RegistrationForm = { displayName: "", email: "", password: "" };

export function RegisterPage({ signInHref }: { signInHref: string }) {
  const client = useClient();
  const words = useWords();
  const form = useForm(["display_name", "email", "password"]);
  const { answer } = useAnswer(client.entrance.waysIn);
  const [entries, setEntries] = useState(empty);
  const providers = answer.status === "ready" ? answer.value.providers : [];

  const faults = registrationFaults(entries, words.register);
  const faultOf = (field: keyof RegistrationForm, wireName: string) =>
    (form.tried ? faults[field] : undefined) ?? form.faultOf(wireName);
  const change = (edit: Partial<RegistrationForm>) => {
    setEntries({ ...entries, ...edit });
    form.forget();
  };
  const register = () =>
    client.register({
      display_name: entries.displayName.trim(),
      email: entries.email.trim(),
      password: entries.password,
    });

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
      <form className="auth-form" noValidate onSubmit={form.submit(Object.keys(faults).length === 0, register)}>
        <Refusal error={form.untold} />
        <TextField
          label={words.register.displayName}
          name="name"
          autoComplete="name"
          maxLength={50}
          value={entries.displayName}
          onChange={(event) => change({ displayName: event.target.value })}
          error={faultOf("displayName", "display_name")}
        />
        <TextField
          label={words.register.email}
          name="email"
          type="email"
          autoComplete="email"
          value={entries.email}
          onChange={(event) => change({ email: event.target.value })}
          error={faultOf("email", "email")}
        />
        <SecretField
          label={words.signin.password}
          name="password"
          autoComplete="new-password"
          hint={words.register.passwordHint}
          value={entries.password}
          onChange={(event) => change({ password: event.target.value })}
          error={faultOf("password", "password")}
        />
        <Button type="submit" tone="accent" wide busy={form.busy}>
          {words.register.submit}
        </Button>
      </form>
      {providers.length > 0 && (
        <div className="auth-ways">
          <p className="auth-or">
            <span>{words.entrance.or}</span>
          </p>
          <ProviderLinks providers={providers} />
        </div>
      )}
    </AuthFrame>
  );
}
