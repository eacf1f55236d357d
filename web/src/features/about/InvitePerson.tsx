import { useState, type SubmitEvent } from "react";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { ApiError } from "../../protocol/errors.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import type { Words } from "../../words/english.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";

/** Brings in somebody whose username or telephone number is known. */
export function InvitePerson({ conversationId }: { conversationId: string }) {
  const words = useWords();
  const { invites } = useClient();
  const { about } = words.gathering;
  const { action, run, forget } = useAction();
  const [text, setText] = useState("");
  const [done, setDone] = useState("");

  const invite = (event: SubmitEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    void run(async () => {
      const invited = await invites.person(conversationId, text);
      setDone(invited.kind === "added" ? about.personAdded(nameOf(invited.member.user, words)) : about.personSent);
      setText("");
    });
  };
  return (
    <form className="about-invite-person" noValidate onSubmit={invite}>
      <TextField
        label={about.personField}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setDone("");
          forget();
        }}
        error={action.status === "refused" ? refusalOf(action.error, words) : undefined}
      />
      <Button type="submit" tone="outline" busy={action.status === "running"} disabled={!text.trim()}>
        {about.invitePerson}
      </Button>
      <p className="about-invite-done" role="status">
        {done}
      </p>
    </form>
  );
}

function refusalOf(error: unknown, words: Words): string {
  const isUnknown = error instanceof ApiError && error.code === "not_found" && error.status === 400;
  return isUnknown ? words.newchat.nobodyFound : sentenceOf(error, words);
}
