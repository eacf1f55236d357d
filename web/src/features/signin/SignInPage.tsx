import { useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Admission } from "../../model/entrance.ts";
import { Button } from "../../ui/Button.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { doors } from "./doors.ts";
import { OtherWays } from "./OtherWays.tsx";
import { Refusal } from "./Refusal.tsx";
import { useForm } from "./useForm.ts";

type SignInPageProps = {
  /** What signing in is for, where it is for something. */
  reason?: string | undefined;
  onAdmission: (admission: Admission) => void;
};

export function SignInPage({ reason, onAdmission }: SignInPageProps) {
  const client = useClient();
  const words = useWords();
  const form = useForm([]);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const name = login.trim();

  return (
    <AuthFrame
      title={words.signin.title}
      lead={reason ?? words.signin.lead}
      footer={
        <>
          {words.signin.noAccount} <Link href={doors.register}>{words.signin.create}</Link>
          {/* A page of the server's own, so the browser goes there by itself. */}
          <a className="auth-light" href="/lite">
            {words.signin.light}
          </a>
        </>
      }
    >
      <form
        className="auth-form"
        noValidate
        onSubmit={form.submit(name !== "" && password !== "", async () =>
          onAdmission(await client.signIn({ login: name, password })),
        )}
      >
        <Refusal error={form.refusal} />
        <TextField
          label={words.signin.login}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={login}
          onChange={(event) => {
            setLogin(event.target.value);
            form.forget();
          }}
          error={form.tried && name === "" ? words.signin.loginMissing : undefined}
        />
        <SecretField
          label={words.signin.password}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
            form.forget();
          }}
          error={form.tried && password === "" ? words.signin.passwordMissing : undefined}
        />
        <Button type="submit" tone="accent" wide busy={form.busy}>
          {words.signin.submit}
        </Button>
        <Link className="auth-aside" href={doors.forgotPassword}>
          {words.entrance.forgot}
        </Link>
      </form>
      <OtherWays onAdmission={onAdmission} />
    </AuthFrame>
  );
}
