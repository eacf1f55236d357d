import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";

/** Says to the reader which conversation was taken from them, and why, one after the other. */
export function PartingNotice() {
  const words = useWords();
  const { partings } = useClient().stores;
  const parting = useStore(partings, ({ untold }) => untold[0]);
  if (parting === undefined) return null;

  const texts = words.gathering.parting;
  const { reason, note, title } = parting;
  const told = () => partings.setState(({ untold }) => ({ untold: untold.slice(1) }));
  return (
    <Dialog
      title={texts[reason](title)}
      closeLabel={words.close}
      onClose={told}
      {...(reason === "banned" && { text: texts.bannedText })}
      footer={
        <Button tone="accent" onClick={told}>
          {texts.understood}
        </Button>
      }
    >
      {reason !== "deleted" && <p>{note ? texts.reason(note) : texts.noReason}</p>}
    </Dialog>
  );
}
