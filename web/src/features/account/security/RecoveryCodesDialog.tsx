import { Copy, Download } from "lucide-react";
import { useMemo } from "react";
import { useMe } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { codesFile } from "./codes.ts";
import { useCopying } from "./useCopying.ts";

type RecoveryCodesDialogProps = { codes: readonly string[]; onClose: () => void };

/** The codes, this once. */
export function RecoveryCodesDialog({ codes, onClose }: RecoveryCodesDialogProps) {
  const words = useWords();
  const me = useMe();
  const texts = words.settings.codes;
  const copy = useCopying(texts.copied);
  const file = useMemo(() => {
    const head = texts.head(me.email ?? me.username ?? me.display_name);
    return `data:text/plain;charset=utf-8,${encodeURIComponent(codesFile(head, codes))}`;
  }, [texts, me, codes]);
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
      <div className="recovery-acts">
        <Button onClick={() => void copy(codes.join("\n"))}>
          <Copy aria-hidden="true" />
          {texts.copy}
        </Button>
        <a className="button button-plain" href={file} download={texts.file}>
          <Download aria-hidden="true" />
          {texts.download}
        </a>
      </div>
    </Dialog>
  );
}
