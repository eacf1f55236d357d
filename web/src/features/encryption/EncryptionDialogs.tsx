import { closeEncryptionDialog, useEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { AddPasskeyDialog } from "./AddPasskeyDialog.tsx";
import { ExplainDialog } from "./ExplainDialog.tsx";
import { RecoveryKeyDialog } from "./RecoveryKeyDialog.tsx";
import { SetUpDialogs } from "./SetUpDialogs.tsx";

/** The dialog about encryption that was asked for, wherever that was. */
export function EncryptionDialogs() {
  const { asked } = useEncryptionDialog();
  const close = closeEncryptionDialog;
  if (asked === null) return null;
  const { dialog } = asked;
  switch (dialog.type) {
    case "setUp":
      return <SetUpDialogs onClose={close} />;
    case "key":
      return <RecoveryKeyDialog recoveryKey={dialog.recoveryKey} onDone={() => close(true)} />;
    case "addPasskey":
      return <AddPasskeyDialog onClose={close} />;
    case "explain":
      return <ExplainDialog onClose={() => close(true)} />;
  }
}

export type ClosableProps = {
  /** `isDone`: what the dialog is for was done. */
  onClose: (isDone: boolean) => void;
};
