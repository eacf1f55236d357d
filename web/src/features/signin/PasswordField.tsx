import type { ComponentProps } from "react";
import { useWords } from "../../bindings/language.tsx";
import { SecretField } from "../../ui/SecretField.tsx";

type PasswordFieldProps = {
  hint?: string;
  error?: string | undefined;
} & Pick<ComponentProps<"input">, "value" | "onChange" | "autoComplete">;

/** The password of the account. */
export function PasswordField(props: PasswordFieldProps) {
  const words = useWords();
  return <SecretField {...props} label={words.signin.password} name="password" />;
}
