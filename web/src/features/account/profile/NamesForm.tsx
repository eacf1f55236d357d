import { useState, type SubmitEvent } from "react";
import { useAction } from "../../../bindings/action.ts";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { Me } from "../../../model/user.ts";
import { Button } from "../../../ui/Button.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { fieldSentenceOf, sentenceOf } from "../../../words/refusals.ts";

const maxAbout_chars = 200;

/** One's names, and a line about oneself. What is not changed is not sent. */
export function NamesForm({ me }: { me: Me }) {
  const words = useWords();
  const client = useClient();
  const { action, run, forget } = useAction();
  const [displayName, setDisplayName] = useState(me.display_name);
  const [username, setUsername] = useState(me.username ?? "");
  const [about, setAbout] = useState(me.about ?? "");

  const refusal = action.status === "refused" ? action.error : null;
  const usernameFault = fieldSentenceOf(refusal, "username", words);
  const aboutFault = fieldSentenceOf(refusal, "about", words);
  const nameFault =
    (displayName.trim() ? undefined : words.register.displayNameMissing) ??
    fieldSentenceOf(refusal, "display_name", words) ??
    (refusal !== null && !usernameFault && !aboutFault ? sentenceOf(refusal, words) : undefined);

  const name = displayName.trim();
  const handle = username.trim().replace(/^@/u, "");
  const edit = {
    ...(name !== me.display_name && { display_name: name }),
    ...(handle !== (me.username ?? "") && { username: handle }),
    ...(about.trim() !== (me.about ?? "") && { about: about.trim() }),
  };
  const isChanged = Object.keys(edit).length > 0;

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (!isChanged || !name) return;
    void run(async () => {
      await client.updateMe(edit);
      showToast(words.account.saved);
    });
  };
  return (
    <form className="settings-form" noValidate onSubmit={save}>
      <TextField
        label={words.account.displayName}
        autoComplete="name"
        maxLength={50}
        value={displayName}
        onChange={(event) => {
          setDisplayName(event.target.value);
          forget();
        }}
        error={nameFault}
      />
      <TextField
        label={words.account.username}
        hint={words.account.usernameHint}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={32}
        value={username}
        onChange={(event) => {
          setUsername(event.target.value);
          forget();
        }}
        error={usernameFault}
      />
      <TextField
        multiline
        label={words.settings.about}
        hint={words.settings.aboutHint}
        rows={1}
        maxLength={maxAbout_chars}
        value={about}
        onChange={(event) => {
          setAbout(event.target.value);
          forget();
        }}
        error={aboutFault}
      />
      {isChanged && (
        <Button type="submit" tone="accent" busy={action.status === "running"}>
          {words.save}
        </Button>
      )}
    </form>
  );
}
