import { useState, type ComponentProps } from "react";
import { useWords } from "../../bindings/language.tsx";
import { TextField } from "../../ui/TextField.tsx";

type PasswordFieldProps = {
  hint?: string;
  error?: string | undefined;
} & Pick<ComponentProps<"input">, "value" | "onChange" | "autoComplete">;

/** A password that can be looked at before it is sent. */
export function PasswordField(props: PasswordFieldProps) {
  const words = useWords();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      label={words.signin.password}
      name="password"
      type={shown ? "text" : "password"}
      spellCheck={false}
      autoCapitalize="none"
      end={
        <button type="button" className="auth-reveal" onClick={() => setShown(!shown)}>
          {shown ? words.signin.conceal : words.signin.reveal}
        </button>
      }
    />
  );
}
