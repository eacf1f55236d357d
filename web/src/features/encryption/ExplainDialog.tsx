import "./encryption.css";
import { Eye, KeyRound, LockKeyhole, ShieldCheck, UserRoundPlus } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";

/** What encryption keeps from whom, and what it does not, in plain words. */
export function ExplainDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const texts = words.encryption.about;
  const points = [
    { text: texts.read, icon: <LockKeyhole /> },
    { text: texts.known, icon: <Eye /> },
    { text: texts.numbers, icon: <ShieldCheck /> },
    { text: texts.lost, icon: <KeyRound /> },
    { text: texts.later, icon: <UserRoundPlus /> },
  ];
  return (
    <Dialog
      title={texts.title}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <Button tone="accent" onClick={onClose}>
          {words.close}
        </Button>
      }
    >
      <ul className="encryption-points" role="list">
        {points.map(({ text, icon }) => (
          <li key={text}>
            <span aria-hidden="true">{icon}</span>
            {text}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
