import { useState } from "react";
import { Link } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { AuthForm } from "./AuthForm.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { useComingIn } from "./useComingIn.ts";
import { useCountdown } from "./useCountdown.ts";

const againAfter_s = 30;

/** First the number, then the code that was sent to it; a name for those who are new. */
export function PhonePage({ signInHref }: { signInHref: string }) {
  const words = useWords();
  const { entrance } = useClient();
  const coming = useComingIn();
  const texts = words.entrance.phone;
  const [phone, setPhone] = useState("");
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [isSent, setIsSent] = useState(false);
  const [left_s, wait] = useCountdown();
  const number = phone.trim();
  const digits = code.replaceAll(/\s/gu, "");

  const send = async () => {
    await entrance.requestCode(number);
    wait(againAfter_s);
    setIsSent(true);
  };
  const change = (set: (text: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    coming.forget();
  };

  return (
    <AuthFrame
      title={texts.title}
      lead={isSent ? texts.sent(number) : texts.lead}
      footer={<Link href={signInHref}>{words.entrance.back}</Link>}
    >
      {isSent ? (
        <AuthForm
          key="code"
          coming={coming}
          act={words.entrance.continue}
          isFilled={digits !== ""}
          names={["code", "display_name"]}
          onAct={() => entrance.signInByPhone(number, digits, name.trim() || undefined)}
        >
          {({ tried, faultOf }) => (
            <>
              <TextField
                // oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step of a form that has the focus
                autoFocus
                label={texts.code}
                autoComplete="one-time-code"
                inputMode="numeric"
                maxLength={12}
                value={code}
                onChange={change(setCode)}
                error={(tried && digits === "" ? texts.codeMissing : undefined) ?? faultOf("code")}
              />
              <TextField
                label={texts.name}
                hint={texts.nameHint}
                autoComplete="name"
                maxLength={50}
                value={name}
                onChange={change(setName)}
                error={faultOf("display_name")}
              />
            </>
          )}
        </AuthForm>
      ) : (
        <AuthForm
          key="number"
          coming={coming}
          act={texts.send}
          isFilled={number !== ""}
          names={["phone"]}
          onAct={send}
        >
          {({ tried, faultOf }) => (
            <TextField
              label={texts.label}
              hint={texts.hint}
              type="tel"
              autoComplete="tel"
              inputMode="tel"
              value={phone}
              onChange={change(setPhone)}
              error={(tried && number === "" ? texts.missing : undefined) ?? faultOf("phone")}
            />
          )}
        </AuthForm>
      )}
      {isSent && (
        <div className="auth-ways">
          <Button wide disabled={left_s > 0} onClick={() => void coming.run(send)}>
            {left_s > 0 ? texts.againIn(left_s) : texts.again}
          </Button>
          <Button
            wide
            onClick={() => {
              setIsSent(false);
              setCode("");
              coming.forget();
            }}
          >
            {texts.otherNumber}
          </Button>
        </div>
      )}
    </AuthFrame>
  );
}
