import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { Spinner } from "../../ui/Spinner.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { useFragment } from "./useFragment.ts";

type Outcome = "asking" | "confirmed" | "bad" | "failed";

/** Each link is shown to the server once, however often React draws the page. */
const asked = new Map<string, Promise<void>>();

/** Where the link of a mail leads that proves an address. Signed in or not: the link is the proof. */
export function ConfirmEmailPage({ homeHref }: { homeHref: string }) {
  const words = useWords();
  const { entrance } = useClient();
  const token = useFragment();
  const [outcome, setOutcome] = useState<Outcome>("asking");
  const texts = words.entrance.confirm;

  useEffect(() => {
    if (outcome !== "asking") return undefined;
    let isShown = true;
    const asking = asked.get(token) ?? entrance.confirmEmail(token);
    asked.set(token, asking);
    asking.then(
      () => isShown && setOutcome("confirmed"),
      (error: unknown) => {
        asked.delete(token);
        const isBad = error instanceof ApiError && error.status === 400;
        if (isShown) setOutcome(isBad ? "bad" : "failed");
      },
    );
    return () => {
      isShown = false;
    };
  }, [entrance, token, outcome]);

  const home = <Link href={homeHref}>{words.entrance.toChats}</Link>;
  switch (outcome) {
    case "asking":
      return (
        <AuthFrame title={texts.running} lead="" footer={home}>
          <p className="auth-waiting" role="status" aria-label={words.loading}>
            <Spinner />
          </p>
        </AuthFrame>
      );
    case "confirmed":
      return <AuthFrame title={texts.title} lead={texts.text} footer={home} />;
    case "bad":
      return <AuthFrame title={texts.bad} lead={texts.badText} footer={home} />;
    case "failed":
      return (
        <AuthFrame title={texts.failed} lead="" footer={home}>
          <Button wide tone="accent" onClick={() => setOutcome("asking")}>
            {words.tryAgain}
          </Button>
        </AuthFrame>
      );
  }
}
