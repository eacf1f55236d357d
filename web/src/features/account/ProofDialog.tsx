import { useState, type ReactNode } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Security } from "../../model/security.ts";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { SecretField } from "../../ui/SecretField.tsx";
import { FormDialog, type FormState } from "./FormDialog.tsx";

/** What of the account decides how a person proves that it is them. */
export type Proof = Pick<Security, "has_password" | "fresh">;

type ProofDialogProps = {
  title: string;
  text?: string | undefined;
  act: string;
  tone?: "accent" | "danger";
  proof: Proof;
  /** Gets the password where the account has one. */
  onAct: (password: string | undefined) => Promise<void>;
  onClose: () => void;
  /** More to fill in, before the password. */
  children?: (form: FormState) => ReactNode;
  /** Whether those are filled in as they should be. */
  isFilled?: boolean;
  /** The wire's names of those. */
  names?: readonly string[];
  wordingOf?: (error: unknown) => string | undefined;
  /** Where the present password is one of several: asked for before the others, by a label of its own. */
  passwordFirst?: { label: string; missing: string };
};

/** Asks for the password before something that only the person themselves may do; without one, for a fresh sign-in. */
export function ProofDialog(props: ProofDialogProps) {
  const { title, text, act, tone, proof, onAct, onClose, children, names = [] } = props;
  const { passwordFirst } = props;
  const words = useWords();
  const [password, setPassword] = useState("");
  const [isRefused, setIsRefused] = useState(false);
  const isStale = !proof.has_password && !proof.fresh;
  if (isStale || isRefused) return <SignInAgain title={title} onClose={onClose} />;

  const isMissing = proof.has_password && password === "";
  return (
    <FormDialog
      title={title}
      text={text}
      act={act}
      {...(tone ? { tone } : {})}
      isFilled={!isMissing && (props.isFilled ?? true)}
      names={[...names, "password"]}
      wordingOf={props.wordingOf}
      onClose={onClose}
      onAct={async () => {
        try {
          await onAct(proof.has_password ? password : undefined);
        } catch (error) {
          if (error instanceof ApiError && error.code === "sign_in_again") setIsRefused(true);
          throw error;
        }
      }}
    >
      {(form) => {
        const field = proof.has_password && (
          <SecretField
            label={passwordFirst?.label ?? words.settings.password}
            name="password"
            autoComplete="current-password"
            {...(passwordFirst ? {} : { hint: words.settings.passwordWhy })}
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
              form.forget();
            }}
            error={
              (form.tried && isMissing
                ? (passwordFirst?.missing ?? words.signin.passwordMissing)
                : undefined) ?? form.faultOf("password")
            }
          />
        );
        return (
          <>
            {passwordFirst && field}
            {children?.(form)}
            {!passwordFirst && field}
          </>
        );
      }}
    </FormDialog>
  );
}

function SignInAgain({ title, onClose }: { title: string; onClose: () => void }) {
  const words = useWords();
  const client = useClient();
  const { action, run } = useAction();
  return (
    <Dialog
      title={title}
      text={words.settings.signInAgainText}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            tone="accent"
            busy={action.status === "running"}
            onClick={() => void run(() => client.signOut())}
          >
            {words.settings.signInAgain}
          </Button>
        </>
      }
    />
  );
}
