import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";

/** What to do where two people see different numbers. */
export function DifferDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const words = useWords();
  const texts = words.encryption.safety;
  return (
    <Dialog
      title={texts.differTitle}
      text={texts.differText(name)}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <Button tone="accent" onClick={onClose}>
          {texts.understood}
        </Button>
      }
    />
  );
}
