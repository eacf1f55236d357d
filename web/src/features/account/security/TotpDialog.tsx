import { Copy } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useCopying } from "../../../bindings/copying.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { IconButton } from "../../../ui/IconButton.tsx";
import { Skeleton } from "../../../ui/Skeleton.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { FormDialog } from "../FormDialog.tsx";
import { grouped } from "./codes.ts";

const QrCode = lazy(async () => ({ default: (await import("../../../ui/QrCode.tsx")).QrCode }));

type TotpDialogProps = {
  secret: string;
  uri: string;
  onConfirmed: (codes: readonly string[]) => void;
  onClose: () => void;
};

/** The secret for the app, to scan or to type, and the first code as proof that it arrived there. */
export function TotpDialog({ secret, uri, onConfirmed, onClose }: TotpDialogProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.totp;
  const [code, setCode] = useState("");
  const copy = useCopying(words.thread.copied);
  const digits = code.replaceAll(/\s/gu, "");
  const isFilled = /^\d{6}$/u.test(digits);
  return (
    <FormDialog
      title={texts.add}
      text={texts.scan}
      act={texts.confirm}
      isFilled={isFilled}
      names={["code"]}
      onAct={async () => onConfirmed(await settings.confirmTotp(digits))}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) => (
        <>
          <div className="totp-picture">
            <Suspense fallback={<Skeleton shape="bubble" width="11rem" height="11rem" />}>
              <QrCode text={uri} label={texts.qr} />
            </Suspense>
          </div>
          <div className="totp-secret">
            <p className="settings-soft">{texts.type}</p>
            <p className="totp-secret-line">
              <code>{grouped(secret)}</code>
              <IconButton label={texts.copySecret} icon={<Copy />} onClick={() => void copy(secret)} />
            </p>
          </div>
          <TextField
            label={texts.code}
            hint={texts.codeText}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={8}
            value={code}
            onChange={(event) => {
              setCode(event.target.value);
              forget();
            }}
            error={(tried && !isFilled ? texts.codeMissing : undefined) ?? faultOf("code")}
          />
        </>
      )}
    </FormDialog>
  );
}
