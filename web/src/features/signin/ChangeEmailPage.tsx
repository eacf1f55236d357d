import { MailCheck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { DeadLink } from "./DeadLink.tsx";
import { Refusal } from "./Refusal.tsx";
import { Unanswered } from "./Unanswered.tsx";
import { useForm } from "./useForm.ts";

type ChangeEmailPageProps = { token: string; chatsHref: string; profileHref: string };

/** Where a mail's link changes the address of the signed-in person. To be keyed by the token. */
export function ChangeEmailPage({ token, chatsHref, profileHref }: ChangeEmailPageProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.entrance.change;
  const { answer, load } = useAnswer(settings.security);
  const [changedTo, setChangedTo] = useState<string | null>(null);
  const [isDead, setIsDead] = useState(token === "");
  const toChats = <Link href={chatsHref}>{words.entrance.toChats}</Link>;

  if (changedTo !== null) {
    return (
      <AuthFrame sign={<MailCheck />} title={texts.doneTitle} lead={texts.done(changedTo)}>
        <Link className="button button-accent button-wide" href={chatsHref}>
          {words.entrance.toChats}
        </Link>
      </AuthFrame>
    );
  }
  if (isDead) {
    return (
      <DeadLink title={texts.deadTitle} text={texts.dead} footer={toChats}>
        <Link className="button button-accent button-wide" href={profileHref}>
          {texts.toProfile}
        </Link>
      </DeadLink>
    );
  }
  if (answer.status !== "ready") {
    return (
      <Unanswered
        running={texts.title}
        failed={words.crash.title}
        error={answer.status === "failed" ? answer.error : null}
        onRetry={() => void load()}
      />
    );
  }
  return (
    <NewEmailForm
      token={token}
      hasPassword={answer.value.has_password}
      isFresh={answer.value.fresh}
      footer={toChats}
      onChanged={setChangedTo}
      onDead={() => setIsDead(true)}
    />
  );
}

type NewEmailFormProps = {
  token: string;
  hasPassword: boolean;
  isFresh: boolean;
  footer: ReactNode;
  onChanged: (email: string) => void;
  onDead: () => void;
};

function NewEmailForm({ token, hasPassword, isFresh, footer, onChanged, onDead }: NewEmailFormProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const texts = words.entrance.change;
  const form = useForm(["email", "password"]);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isStale, setIsStale] = useState(!hasPassword && !isFresh);
  const address = email.trim();
  const isFilled = address !== "" && (!hasPassword || password !== "");
  const lead = me.email === null ? undefined : texts.lead(me.email);

  if (isStale) {
    return (
      <AuthFrame title={texts.title} lead={words.refusals["sign_in_again"]} footer={footer}>
        <Button tone="accent" wide onClick={() => void client.signOut()}>
          {texts.signInAgain}
        </Button>
      </AuthFrame>
    );
  }

  const change = async () => {
    try {
      await client.entrance.changeEmail(token, address, hasPassword ? password : undefined);
      onChanged(address);
    } catch (error) {
      if (error instanceof ApiError && error.code === "sign_in_again") setIsStale(true);
      if (error instanceof ApiError && error.fields["token"]) onDead();
      throw error;
    }
  };
  const isOdd = form.refusal instanceof ApiError && form.refusal.fields["email"]?.code === "invalid";
  const missing = form.tried && address === "" ? words.register.emailMissing : undefined;
  return (
    <AuthFrame title={texts.title} lead={lead} footer={footer}>
      <form className="auth-form" noValidate onSubmit={form.submit(isFilled, change)}>
        <Refusal error={form.untold} />
        <TextField
          label={texts.label}
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
        {hasPassword && (
          <SecretField
            label={words.signin.password}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
              form.forget();
            }}
            error={
              (form.tried && password === "" ? words.signin.passwordMissing : undefined) ??
              form.faultOf("password")
            }
          />
        )}
        <Button type="submit" tone="accent" wide busy={form.busy}>
          {texts.submit}
        </Button>
      </form>
    </AuthFrame>
  );
}
