import "./confirm-bar.css";
import { X } from "lucide-react";
import { useState } from "react";
import { useAction } from "../bindings/action.ts";
import { useClient, useMe } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { showToast } from "../ui/toasts.ts";
import { sentenceOf } from "../words/refusals.ts";

/** Where somebody hid it, by the address that it was about: until that one changes it stays hidden. */
const hiddenKey = "tertulia.confirm_hidden";

/** Asks to open the mail that confirms the address, until it is opened or the person has seen enough of it. */
export function ConfirmBar() {
  const words = useWords();
  const me = useMe();
  const { settings } = useClient();
  const { action, run } = useAction();
  const [hiddenFor, setHiddenFor] = useState(() => localStorage.getItem(hiddenKey));
  const texts = words.entrance.confirmBar;
  const { email } = me;
  if (email === null || me.confirmed_at !== null || hiddenFor === email) return null;

  const sendAgain = async () => {
    await settings.askEmailConfirmation().then(
      () => showToast(texts.sent),
      (error: unknown) => showToast(sentenceOf(error, words)),
    );
  };
  return (
    <div className="confirm-bar" role="status">
      <p>
        {texts.text(email)}
        <button type="button" disabled={action.status === "running"} onClick={() => void run(sendAgain)}>
          {texts.again}
        </button>
      </p>
      <IconButton
        label={texts.hide}
        icon={<X />}
        onClick={() => {
          localStorage.setItem(hiddenKey, email);
          setHiddenFor(email);
        }}
      />
    </div>
  );
}
