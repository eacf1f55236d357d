import { useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Admission } from "../../model/entrance.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { showToast } from "../../ui/toasts.ts";
import { Again } from "./Again.tsx";
import { Refusal } from "./Refusal.tsx";
import { useForm } from "./useForm.ts";

type CodeFormProps = {
  number: string;
  onOtherNumber: () => void;
  onAdmission: (admission: Admission) => void;
};

/** The code, and for those who are new the name that their account gets. */
export function CodeForm({ number, onOtherNumber, onAdmission }: CodeFormProps) {
  const words = useWords();
  const { entrance } = useClient();
  const texts = words.entrance.code;
  const form = useForm(["code", "display_name"]);
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const digits = code.replaceAll(/\s/gu, "");

  return (
    <form
      className="auth-form"
      noValidate
      onSubmit={form.submit(digits !== "", async () =>
        onAdmission(await entrance.signInByCode(number, digits, name.trim() || null)),
      )}
    >
      <Refusal error={form.untold} />
      <TextField
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the next step of a form that has the focus
        autoFocus
        label={texts.label}
        name="code"
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={12}
        value={code}
        onChange={(event) => {
          setCode(event.target.value);
          form.forget();
        }}
        error={(form.tried && digits === "" ? texts.missing : undefined) ?? form.faultOf("code")}
      />
      <TextField
        label={texts.name}
        hint={texts.nameHint}
        name="name"
        autoComplete="name"
        maxLength={50}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          form.forget();
        }}
        error={form.faultOf("display_name")}
      />
      <Button type="submit" tone="accent" wide busy={form.busy}>
        {words.entrance.continue}
      </Button>
      <div className="auth-asides">
        <Again
          label={texts.again}
          waiting={texts.againIn}
          onAgain={async () => {
            await entrance.requestCode(number);
            setCode("");
            form.restart();
            showToast(texts.sentAgain);
          }}
        />
        <Button onClick={onOtherNumber}>{texts.otherNumber}</Button>
      </div>
    </form>
  );
}
