import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { User } from "../../model/user.ts";
import { SecretField } from "../../ui/SecretField.tsx";
import { Spinner } from "../../ui/Spinner.tsx";
import { AuthForm } from "./AuthForm.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { forgottenPath } from "./paths.ts";
import { useComingIn } from "./useComingIn.ts";
import { useFragment } from "./useFragment.ts";

const minPassword_chars = 8;

type ResetLink =
  | { readonly status: "asking" }
  | { readonly status: "good"; readonly owner: User }
  | { readonly status: "bad" }
  | { readonly status: "used" };

/** Where the link of a mail leads: a new password for whose link it is. */
export function ResetPage({ signInHref }: { signInHref: string }) {
  const words = useWords();
  const { entrance } = useClient();
  const token = useFragment();
  const [link, setLink] = useState<ResetLink>({ status: "asking" });
  const texts = words.entrance.reset;

  useEffect(() => {
    let isShown = true;
    entrance.ownerOfReset(token).then(
      (owner) => isShown && setLink({ status: "good", owner }),
      () => isShown && setLink({ status: "bad" }),
    );
    return () => {
      isShown = false;
    };
  }, [entrance, token]);

  const back = <Link href={signInHref}>{words.entrance.back}</Link>;
  switch (link.status) {
    case "asking":
      return (
        <AuthFrame title={texts.title} lead="" footer={back}>
          <p className="auth-waiting" role="status" aria-label={words.loading}>
            <Spinner />
          </p>
        </AuthFrame>
      );
    case "bad":
      return (
        <AuthFrame
          title={texts.bad}
          lead={texts.badText}
          footer={<Link href={forgottenPath}>{texts.askAnew}</Link>}
        />
      );
    case "used":
      return (
        <AuthFrame
          title={texts.doneTitle}
          lead={texts.done}
          footer={<Link href={signInHref}>{words.signin.submit}</Link>}
        />
      );
    case "good":
      return (
        <AuthFrame title={texts.title} lead={texts.lead(link.owner.display_name)} footer={back}>
          <NewPassword token={token} onDone={() => setLink({ status: "used" })} />
        </AuthFrame>
      );
  }
}

function NewPassword({ token, onDone }: { token: string; onDone: () => void }) {
  const words = useWords();
  const { entrance } = useClient();
  const coming = useComingIn();
  const texts = words.entrance.reset;
  const [fresh, setFresh] = useState("");
  const [repeated, setRepeated] = useState("");
  const isLong = fresh.length >= minPassword_chars;
  const isSame = fresh === repeated;
  const change = (set: (text: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    coming.forget();
  };
  return (
    <AuthForm
      coming={coming}
      act={texts.submit}
      isFilled={isLong && isSame}
      names={["new_password", "new_password_confirmation"]}
      onAct={async () => {
        await entrance.resetPassword(token, fresh, repeated);
        onDone();
      }}
    >
      {({ tried, faultOf }) => (
        <>
          <SecretField
            label={texts.fresh}
            hint={words.register.passwordHint}
            autoComplete="new-password"
            value={fresh}
            onChange={change(setFresh)}
            error={(tried && !isLong ? words.register.passwordShort : undefined) ?? faultOf("new_password")}
          />
          <SecretField
            label={texts.repeated}
            autoComplete="new-password"
            value={repeated}
            onChange={change(setRepeated)}
            error={
              (tried && !isSame ? texts.mismatch : undefined) ?? faultOf("new_password_confirmation")
            }
          />
        </>
      )}
    </AuthForm>
  );
}
