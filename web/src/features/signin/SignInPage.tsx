import { useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthForm } from "./AuthForm.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { OtherWays } from "./OtherWays.tsx";
import { forgottenPath } from "./paths.ts";
import { useComingIn } from "./useComingIn.ts";

export function SignInPage({ registerHref }: { registerHref: string }) {
  const client = useClient();
  const words = useWords();
  const coming = useComingIn();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");

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
      <AuthForm
        coming={coming}
        act={words.signin.submit}
        isFilled={login.trim() !== "" && password !== ""}
        names={[]}
        onAct={() => client.signIn({ login: login.trim(), password })}
      >
        {({ tried }) => (
          <>
            <TextField
              label={words.signin.login}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              value={login}
              onChange={(event) => {
                setLogin(event.target.value);
                coming.forget();
              }}
              error={tried && !login.trim() ? words.signin.loginMissing : undefined}
            />
            <SecretField
              label={words.signin.password}
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => {
                setPassword(event.target.value);
                coming.forget();
              }}
              error={tried && !password ? words.signin.passwordMissing : undefined}
            />
            <p className="auth-aside">
              <Link href={forgottenPath}>{words.entrance.forgot}</Link>
            </p>
          </>
        )}
      </AuthForm>
      <OtherWays coming={coming} />
    </AuthFrame>
  );
}
