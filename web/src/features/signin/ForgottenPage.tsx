import { useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthForm } from "./AuthForm.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { useComingIn } from "./useComingIn.ts";

/** Has a link sent by which a forgotten password is set anew. It does not tell whose addresses there are. */
export function ForgottenPage({ signInHref }: { signInHref: string }) {
  const words = useWords();
  const { entrance } = useClient();
  const coming = useComingIn();
  const texts = words.entrance.forgotten;
  const [email, setEmail] = useState("");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const address = email.trim();
  const footer = <Link href={signInHref}>{words.entrance.back}</Link>;
  if (sentTo !== null) return <AuthFrame title={texts.sentTitle} lead={texts.sent(sentTo)} footer={footer} />;
  return (
    <AuthFrame title={texts.title} lead={texts.lead} footer={footer}>
      <AuthForm
        coming={coming}
        act={texts.send}
        isFilled={address !== ""}
        names={["email"]}
        onAct={async () => {
          await entrance.requestPasswordReset(address);
          setSentTo(address);
        }}
      >
        {({ tried, faultOf }) => (
          <TextField
            label={words.register.email}
            name="email"
            type="email"
            autoComplete="email"
            value={email}
            onChange={(event) => {
              setEmail(event.target.value);
              coming.forget();
            }}
            error={(tried && !address ? words.register.emailMissing : undefined) ?? faultOf("email")}
          />
        )}
      </AuthForm>
    </AuthFrame>
  );
}
