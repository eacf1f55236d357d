import { MailCheck } from "lucide-react";
import { useCallback } from "react";
import { Link } from "wouter";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { ApiError } from "../../protocol/errors.ts";
import { AuthFrame } from "./AuthFrame.tsx";
import { DeadLink } from "./DeadLink.tsx";
import { Unanswered } from "./Unanswered.tsx";

/** `onwards` leads to the chats or to signing in. To be keyed by the token. */
type ConfirmEmailPageProps = { token: string; onwards: { href: string; label: string } };

/** Where a mail's link proves that the address is the person's, whether or not they are signed in. */
export function ConfirmEmailPage({ token, onwards }: ConfirmEmailPageProps) {
  const words = useWords();
  const { entrance } = useClient();
  const texts = words.entrance.confirm;
  const confirm = useCallback(() => entrance.confirmEmail(token), [entrance, token]);
  const { answer, load } = useAnswer(confirm);
  const error = answer.status === "failed" ? answer.error : null;
  const on = (
    <Link className="button button-accent button-wide" href={onwards.href}>
      {onwards.label}
    </Link>
  );

  if (error instanceof ApiError && error.status === 400) {
    return (
      <DeadLink title={texts.deadTitle} text={texts.dead}>
        {on}
      </DeadLink>
    );
  }
  if (answer.status !== "ready") {
    return (
      <Unanswered
        running={texts.running}
        failed={texts.failedTitle}
        error={error}
        onRetry={() => void load()}
      />
    );
  }
  return (
    <AuthFrame sign={<MailCheck />} title={texts.doneTitle} lead={texts.done}>
      {on}
    </AuthFrame>
  );
}
