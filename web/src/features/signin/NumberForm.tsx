import { useState } from "react";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { Refusal } from "./Refusal.tsx";
import { useForm } from "./useForm.ts";

type NumberFormProps = { initial: string; onSent: (number: string) => void };

export function NumberForm({ initial, onSent }: NumberFormProps) {
  const { words, locale } = useLanguage();
  const { entrance } = useClient();
  const texts = words.entrance.number;
  const { answer } = useAnswer(entrance.waysIn);
  const form = useForm(["phone"]);
  const [phone, setPhone] = useState(initial);
  const number = phone.trim();

  const region = answer.status === "ready" ? answer.value.region : null;
  const country = region && new Intl.DisplayNames(locale, { type: "region" }).of(region);
  const isOdd = form.refusal instanceof ApiError && form.refusal.fields["phone"]?.code === "invalid";
  const missing = form.tried && number === "" ? texts.missing : undefined;

  return (
    <form
      className="auth-form"
      noValidate
      onSubmit={form.submit(number !== "", async () => {
        await entrance.requestCode(number);
        onSent(number);
      })}
    >
      <Refusal error={form.untold} />
      <TextField
        label={texts.label}
        hint={country ? texts.hintAt(country) : texts.hint}
        type="tel"
        name="phone"
        autoComplete="tel"
        inputMode="tel"
        maxLength={40}
        value={phone}
        onChange={(event) => {
          setPhone(event.target.value);
          form.forget();
        }}
        error={missing ?? (isOdd ? texts.odd : form.faultOf("phone"))}
      />
      <Button type="submit" tone="accent" wide busy={form.busy}>
        {texts.send}
      </Button>
    </form>
  );
}
