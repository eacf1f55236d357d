import { BadgeCheck, CircleAlert, Mail, MailPlus, Pencil, Send } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Me } from "../../../model/user.ts";
import { Question } from "../../../ui/Question.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { sentenceOf } from "../../../words/refusals.ts";
import { ProofDialog, type Proof } from "../ProofDialog.tsx";
import { SettingsFact, SettingsRow } from "../SettingsRow.tsx";

/** The address, whether it is confirmed, and how to get another. */
export function EmailBlock({ me, proof }: { me: Me; proof: Proof }) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.email;
  const { email } = me;
  const [asking, setAsking] = useState<"add" | "change" | null>(null);
  const [isSending, setIsSending] = useState(false);

  const sendAgain = async () => {
    setIsSending(true);
    try {
      await settings.askEmailConfirmation();
      showToast(texts.sent(email ?? ""));
    } catch (error) {
      showToast(sentenceOf(error, words));
    } finally {
      setIsSending(false);
    }
  };

  return (
    <div className="settings-rows">
      {email === null ? (
        <>
          <SettingsFact icon={<Mail />} label={texts.none} hint={texts.addText} />
          <SettingsRow icon={<MailPlus />} label={texts.add} tone="accent" onPress={() => setAsking("add")} />
        </>
      ) : (
        <>
          <SettingsFact
            icon={<Mail />}
            label={email}
            hint={
              me.confirmed_at ? (
                <span className="settings-mark settings-mark-good">
                  <BadgeCheck aria-hidden="true" />
                  {texts.confirmed}
                </span>
              ) : (
                <span className="settings-mark settings-mark-bad">
                  <CircleAlert aria-hidden="true" />
                  {texts.unconfirmed}
                </span>
              )
            }
          />
          {!me.confirmed_at && (
            <SettingsRow
              icon={<Send />}
              label={texts.sendAgain}
              tone="accent"
              busy={isSending}
              onPress={() => void sendAgain()}
            />
          )}
          <SettingsRow icon={<Pencil />} label={texts.change} tone="accent" onPress={() => setAsking("change")} />
        </>
      )}
      {asking === "add" && <AddEmailDialog proof={proof} onClose={() => setAsking(null)} />}
      {asking === "change" && email !== null && (
        <Question
          title={texts.change}
          text={texts.changeText(email)}
          act={texts.sendMail}
          tone="accent"
          onAct={async () => {
            await settings.askEmailChange();
            showToast(texts.sent(email));
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

function AddEmailDialog({ proof, onClose }: { proof: Proof; onClose: () => void }) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.email;
  const [email, setEmail] = useState("");
  const address = email.trim();
  return (
    <ProofDialog
      title={texts.add}
      text={texts.addText}
      act={words.settings.add}
      proof={proof}
      isFilled={address !== ""}
      names={["email"]}
      onAct={async (password) => {
        await settings.addEmail(address, password);
        showToast(texts.sent(address));
      }}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) => (
        <TextField
          label={words.register.email}
          type="email"
          autoComplete="email"
          value={email}
          onChange={(event) => {
            setEmail(event.target.value);
            forget();
          }}
          error={(tried && address === "" ? words.register.emailMissing : undefined) ?? faultOf("email")}
        />
      )}
    </ProofDialog>
  );
}
