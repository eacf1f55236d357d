import { useState, type SubmitEvent } from "react";
import { Link } from "wouter";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { focusFirstFault } from "../../ui/faults.ts";
import { TextField } from "../../ui/TextField.tsx";
import { sentenceOf } from "../../words/refusals.ts";
import { AuthFrame } from "./AuthFrame.tsx";
import { PasswordField } from "./PasswordField.tsx";

export function SignInPage({ registerHref }: { registerHref: string }) {
  const client = useClient();
  const words = useWords();
  const { action, run, forget } = useAction();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (!login.trim() || !password) {
      focusFirstFault(event.currentTarget);
      return;
    }
    void run(() => client.signIn({ login: login.trim(), password }));
  };

  return (
    <AuthFrame
      title={words.signin.title}
      lead={words.signin.lead}
      footer={
        <>
          {words.signin.noAccount} <Link href={registerHref}>{words.signin.create}</Link>
        </>
      }
    >
      <form className="auth-form" noValidate onSubmit={submit}>
        {action.status === "refused" && (
          <p className="auth-refusal" role="alert">
            {sentenceOf(action.error, words)}
          </p>
        )}
        <TextField
          label={words.signin.login}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={login}
          onChange={(event) => {
            setLogin(event.target.value);
            forget();
          }}
          error={tried && !login.trim() ? words.signin.loginMissing : undefined}
        />
        <PasswordField
          autoComplete="current-password"
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
            forget();
          }}
          error={tried && !password ? words.signin.passwordMissing : undefined}
        />
        <Button type="submit" tone="accent" wide busy={action.status === "running"}>
          {words.signin.submit}
        </Button>
      </form>
    </AuthFrame>
  );
}
