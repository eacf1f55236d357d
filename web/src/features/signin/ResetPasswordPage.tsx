import { CircleCheck } from "lucide-react";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { User } from "../../model/user.ts";
import { ApiError } from "../../protocol/errors.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { DeadLink } from "./DeadLink.tsx";
import { doors } from "./doors.ts";
import { minPassword_chars } from "./registration.ts";
import { Refusal } from "./Refusal.tsx";
import { Unanswered } from "./Unanswered.tsx";
import { useForm } from "./useForm.ts";

type ResetPasswordPageProps = { token: string; signInHref: string };

/** Where a mail's link sets a new password. To be keyed by the token. */
export function ResetPasswordPage({ token, signInHref }: ResetPasswordPageProps) {
  const words = useWords();
  const { entrance } = useClient();
  const texts = words.entrance.reset;
  const ask = useCallback(() => entrance.ownerOfReset(token), [entrance, token]);
  const { answer, load } = useAnswer(ask);
  const [end, setEnd] = useState<"done" | "dead" | null>(null);

  if (end === "done") {
    return (
      <AuthFrame sign={<CircleCheck />} title={texts.doneTitle} lead={texts.done}>
        <Link className="button button-accent button-wide" href={signInHref}>
          {texts.signIn}
        </Link>
      </AuthFrame>
    );
  }
  const error = answer.status === "failed" ? answer.error : null;
  if (end === "dead" || (error instanceof ApiError && error.status === 400)) {
    return (
      <DeadLink
        title={texts.deadTitle}
        text={texts.dead}
        footer={<Link href={signInHref}>{words.entrance.backToSignIn}</Link>}
      >
        <Link className="button button-accent button-wide" href={doors.forgotPassword}>
          {texts.newLink}
        </Link>
      </DeadLink>
    );
  }
  if (answer.status !== "ready") {
    return (
      <Unanswered
        running={texts.title}
        failed={words.crash.title}
        error={error}
        onRetry={() => void load()}
      />
    );
  }
  return <NewPasswordForm token={token} owner={answer.value} onEnd={setEnd} />;
}

type NewPasswordFormProps = { token: string; owner: User; onEnd: (end: "done" | "dead") => void };

function NewPasswordForm({ token, owner, onEnd }: NewPasswordFormProps) {
  const words = useWords();
  const { entrance } = useClient();
  const texts = words.entrance.reset;
  const form = useForm(["new_password"]);
  const [password, setPassword] = useState("");
  const isShort = [...password].length < minPassword_chars;

  const save = async () => {
    try {
      await entrance.resetPassword(token, password);
      onEnd("done");
    } catch (error) {
      if (error instanceof ApiError && error.code === "invalid_token") onEnd("dead");
      throw error;
    }
  };
  return (
    <AuthFrame
      sign={<Avatar id={owner.id} name={owner.display_name} picture={owner.avatar} size="huge" />}
      title={texts.title}
      lead={
        <>
          <strong>{texts.whose(owner.display_name)}</strong>
          <br />
          {texts.lead}
        </>
      }
    >
      <form className="auth-form" noValidate onSubmit={form.submit(!isShort, save)}>
        <Refusal error={form.untold} />
        <SecretField
          label={texts.label}
          name="new-password"
          autoComplete="new-password"
          hint={words.register.passwordHint}
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
            form.forget();
          }}
          error={
            (form.tried && isShort ? words.register.passwordShort : undefined) ??
            form.faultOf("new_password")
          }
        />
        <Button type="submit" tone="accent" wide busy={form.busy}>
          {texts.submit}
        </Button>
      </form>
    </AuthFrame>
  );
}
