import { MailCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { showToast } from "../../ui/toasts.ts";
import { Again } from "./Again.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { Refusal } from "./Refusal.tsx";
import { useForm } from "./useForm.ts";

/** Has a link sent that sets a new password. Whether the address is anybody's is not told. */
export function ForgotPasswordPage({ signInHref }: { signInHref: string }) {
  const words = useWords();
  const { entrance } = useClient();
  const texts = words.entrance.forgotten;
  const form = useForm(["email"]);
  const [email, setEmail] = useState("");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const address = email.trim();
  const back = <Link href={signInHref}>{words.entrance.backToSignIn}</Link>;

  if (sentTo !== null) {
    return (
      <AuthFrame
        sign={<MailCheck />}
        title={texts.sentTitle}
        lead={`${texts.sent(sentTo)} ${texts.noMail}`}
        footer={back}
      >
        <div className="auth-asides">
          <Again
            label={texts.again}
            waiting={texts.againIn}
            onAgain={async () => {
              await entrance.requestReset(sentTo);
              showToast(texts.sentAgain);
            }}
          />
        </div>
      </AuthFrame>
    );
  }

  const isOdd = form.refusal instanceof ApiError && form.refusal.fields["email"]?.code === "invalid";
  const missing = form.tried && address === "" ? words.register.emailMissing : undefined;
  return (
    <AuthFrame title={texts.title} lead={texts.lead} footer={back}>
      <form
        className="auth-form"
        noValidate
        onSubmit={form.submit(address !== "", async () => {
          await entrance.requestReset(address);
          setSentTo(address);
        })}
      >
        <Refusal error={form.untold} />
        <TextField
          label={words.register.email}
          name="email"
          type="email"
          autoComplete="email"
          value={email}
          onChange={(event) => {
            setEmail(event.target.value);
            form.forget();
          }}
          error={missing ?? (isOdd ? words.register.emailOdd : form.faultOf("email"))}
        />
        <Button type="submit" tone="accent" wide busy={form.busy}>
          {texts.submit}
        </Button>
      </form>
    </AuthFrame>
  );
}
