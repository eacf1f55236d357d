import { useState } from "react";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { showToast } from "../../ui/toasts.ts";
import { fieldSentenceOf } from "../../words/refusals.ts";
import type { ClosableProps } from "./EncryptionDialogs.tsx";
import { Step } from "./Step.tsx";

type AddPasskeyDialogProps = ClosableProps & {
  /** It is offered after another way was taken. */
  isExtra?: boolean;
};

/** A name for it; then the browser takes over. Who has no passkey at all gets one on the way. */
export function AddPasskeyDialog({ isExtra = false, onClose }: AddPasskeyDialogProps) {
  const words = useWords();
  const { encryption, settings } = useClient();
  const texts = words.encryption.settings;
  const { answer, load } = useAnswer(settings.security);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const security = answer.status === "ready" ? answer.value : null;
  const isFirst = security?.passkeys.length === 0;
  const asksPassword = isFirst && security.has_password;
  const called = name.trim();

  const add = async () => {
    setRefused(null);
    try {
      if (isFirst) await settings.addPasskey(called, asksPassword ? password : undefined);
      await encryption.addPasskey(called);
    } catch (error) {
      setRefused(error);
      void load();
      throw error;
    }
    showToast(texts.passkeyAdded);
    onClose(true);
  };
  const passwordFault = fieldSentenceOf(refused, "password", words);
  return (
    <Step
      title={isExtra ? texts.alsoPasskey : texts.addPasskey}
      text={texts.addPasskeyText}
      act={texts.addPasskey}
      {...(isExtra ? { stay: words.encryption.strip.later } : {})}
      isFilled={called !== "" && security !== null && (!asksPassword || password !== "")}
      onTried={() => setTried(true)}
      wordingOf={(error) => (error instanceof DOMException ? words.encryption.setUp.passkeyGaveUp : undefined)}
      isTold={passwordFault !== undefined}
      onAct={add}
      onClose={() => onClose(false)}
    >
      <TextField
        label={texts.passkeyName}
        hint={texts.passkeyNameText}
        autoComplete="off"
        maxLength={50}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          setTried(false);
        }}
        error={tried && called === "" ? texts.passkeyNameMissing : undefined}
      />
      {asksPassword && (
        <SecretField
          label={words.settings.password}
          hint={words.settings.passwordWhy}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
            setRefused(null);
            setTried(false);
          }}
          error={tried && password === "" ? words.signin.passwordMissing : passwordFault}
        />
      )}
    </Step>
  );
}
