import { useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthForm } from "./AuthForm.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { useComingIn } from "./useComingIn.ts";
import { useFragment } from "./useFragment.ts";

/** Where the link of a mail to the present address leads: to another one. For somebody who is signed in. */
export function ChangeEmailPage({ homeHref }: { homeHref: string }) {
  const words = useWords();
  const { entrance } = useClient();
  const token = useFragment();
  const coming = useComingIn();
  const texts = words.entrance.changeEmail;
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [changedTo, setChangedTo] = useState<string | null>(null);
  const address = email.trim();
  const home = <Link href={homeHref}>{words.entrance.toChats}</Link>;
  if (changedTo !== null) {
    return <AuthFrame title={texts.doneTitle} lead={texts.done(changedTo)} footer={home} />;
  }
  return (
    <AuthFrame title={texts.title} lead={texts.lead} footer={home}>
      <AuthForm
        coming={coming}
        act={texts.submit}
        isFilled={address !== ""}
        names={["email", "password"]}
        onAct={async () => {
          await entrance.changeEmail(token, address, password || undefined);
          setChangedTo(address);
        }}
      >
        {({ tried, faultOf }) => (
          <>
            <TextField
              label={texts.label}
              type="email"
              autoComplete="email"
              value={email}
              onChange={(event) => {
                setEmail(event.target.value);
                coming.forget();
              }}
              error={(tried && !address ? words.register.emailMissing : undefined) ?? faultOf("email")}
            />
            <SecretField
              label={words.signin.password}
              autoComplete="current-password"
              value={password}
              onChange={(event) => {
                setPassword(event.target.value);
                coming.forget();
              }}
              error={faultOf("password")}
            />
          </>
        )}
      </AuthForm>
    </AuthFrame>
  );
}

/** The same link for somebody who is not signed in. */
export function ChangeEmailFirstPage({ signInHref }: { signInHref: string }) {
  const words = useWords();
  const texts = words.entrance.changeEmail;
  return (
    <AuthFrame
      title={texts.title}
      lead={texts.signInFirst}
      footer={<Link href={signInHref}>{words.signin.submit}</Link>}
    />
  );
}
