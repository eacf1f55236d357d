import { useMe } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { KeepActs } from "../../../ui/KeepActs.tsx";
import { codesFile } from "./codes.ts";

type RecoveryCodesDialogProps = { codes: readonly string[]; onClose: () => void };

/** The codes, this once. */
export function RecoveryCodesDialog({ codes, onClose }: RecoveryCodesDialogProps) {
  const words = useWords();
  const me = useMe();
  const texts = words.settings.codes;
  const head = texts.head(me.email ?? me.username ?? me.display_name);
  return (
    <Dialog
      title={texts.title}
      text={texts.text}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <Button tone="accent" onClick={onClose}>
          {texts.saved}
        </Button>
      }
    >
      <ul className="recovery-codes" role="list" aria-label={texts.title}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <KeepActs text={codes.join("\n")} file={codesFile(head, codes)} words={texts} />
    </Dialog>
  );
}
