import { Mail } from "lucide-react";
import { useState } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Strip } from "../../ui/Strip.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";

/** Reminds of the mail that confirms the address, until that is done or put off. */
export function ConfirmReminder() {
  const { email, confirmed_at } = useMe();
  return email !== null && confirmed_at === null ? <Reminder key={email} email={email} /> : null;
}

function Reminder({ email }: { email: string }) {
  const words = useWords();
  const client = useClient();
  const texts = words.entrance.confirm;
  const { action, run } = useAction();
  const [isPutOff, setIsPutOff] = useState(() => client.hasPutOffConfirming(email));
  if (isPutOff) return null;

  const sendAgain = async () => {
    try {
      await client.settings.askEmailConfirmation();
      showToast(words.settings.email.sent(email));
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  return (
    <Strip
      label={texts.region}
      icon={<Mail aria-hidden="true" />}
      putOffLabel={texts.dismiss}
      onPutOff={() => {
        client.putOffConfirming(email);
        setIsPutOff(true);
      }}
    >
      <p>{texts.remind(email)}</p>
      <Button busy={action.status === "running"} onClick={() => void run(sendAgain)}>
        {texts.again}
      </Button>
    </Strip>
  );
}
