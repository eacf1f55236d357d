import "./secret-field.css";
import { useState, type ComponentProps } from "react";
import { useWords } from "../bindings/language.tsx";
import { TextField } from "./TextField.tsx";

type SecretFieldProps = {
  label: string;
  hint?: string;
  error?: string | undefined;
} & Pick<ComponentProps<"input">, "value" | "onChange" | "autoComplete" | "name">;

/** A password that can be looked at before it is sent. */
export function SecretField(props: SecretFieldProps) {
  const words = useWords();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? "text" : "password"}
      spellCheck={false}
      autoCapitalize="none"
      end={
        <button type="button" className="secret-reveal" onClick={() => setShown(!shown)}>
          {shown ? words.signin.conceal : words.signin.reveal}
        </button>
      }
    />
  );
}
