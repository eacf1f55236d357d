import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Button } from "../../../ui/Button.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { FormDialog } from "../FormDialog.tsx";

type AddPhoneDialogProps = { onClose: () => void; onAdded: () => void };

/** First the number, then the code that was sent to it. */
export function AddPhoneDialog({ onClose, onAdded }: AddPhoneDialogProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.phone;
  const [phone, setPhone] = useState("");
  const [code, setCode] = useState("");
  const [isSent, setIsSent] = useState(false);
  const number = phone.trim();
  const digits = code.replaceAll(/\s/gu, "");

  return (
    <FormDialog
      title={texts.add}
      text={isSent ? texts.codeText(number) : texts.addText}
      act={isSent ? words.settings.continue : texts.sendCode}
      isFilled={(isSent ? digits : number) !== ""}
      names={[isSent ? "code" : "phone"]}
      onAct={() => (isSent ? settings.addPhone(number, digits) : settings.requestPhoneCode(number))}
      onDone={() => (isSent ? onAdded() : setIsSent(true))}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) =>
        isSent ? (
          <>
            <TextField
              key="code"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step of a form that has the focus
              autoFocus
              label={texts.code}
              autoComplete="one-time-code"
              inputMode="numeric"
              maxLength={12}
              value={code}
              onChange={(event) => {
                setCode(event.target.value);
                forget();
              }}
              error={(tried && digits === "" ? texts.codeMissing : undefined) ?? faultOf("code")}
            />
            <Button
              onClick={() => {
                setIsSent(false);
                setCode("");
                forget();
              }}
            >
              {texts.otherNumber}
            </Button>
          </>
        ) : (
          <TextField
            key="number"
            label={texts.label}
            hint={texts.hint}
            type="tel"
            autoComplete="tel"
            inputMode="tel"
            value={phone}
            onChange={(event) => {
              setPhone(event.target.value);
              forget();
            }}
            error={(tried && number === "" ? texts.missing : undefined) ?? faultOf("phone")}
          />
        )
      }
    </FormDialog>
  );
}
