import { useMemo, useState } from "react";
import { useStore } from "zustand";
import { useAction } from "../../bindings/action.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { usePeopleFinder } from "../../bindings/people.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { User } from "../../model/user.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { PeopleField } from "../../ui/PeopleField.tsx";
import { sentenceOf } from "../../words/refusals.ts";
import { InvitePerson } from "./InvitePerson.tsx";

type AddPeopleDialogProps = { conversation: OwnConversation; onClose: () => void };

export function AddPeopleDialog({ conversation, onClose }: AddPeopleDialogProps) {
  const words = useWords();
  const client = useClient();
  const finder = usePeopleFinder();
  const { action, run } = useAction();
  const [people, setPeople] = useState<readonly User[]>([]);
  const state = useStore(
    client.stores.memberships,
    (all) => all.byConversation[conversation.id],
  );
  const members = useMemo(
    () => new Set(state?.status === "ready" ? presentIds(state.members) : []),
    [state],
  );

  const add = () => {
    const ids = people.map((person) => person.id);
    void run(async () => {
      await client.addMembers(conversation.id, ids);
      onClose();
    });
  };
  return (
    <Dialog
      title={words.about.addPeople}
      closeLabel={words.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            tone="accent"
            busy={action.status === "running"}
            disabled={people.length === 0}
            onClick={add}
          >
            {words.about.add}
          </Button>
        </>
      }
    >
      <PeopleField
        {...finder}
        except={members}
        chosen={people}
        onChange={setPeople}
        error={action.status === "refused" ? sentenceOf(action.error, words) : undefined}
      />
      <InvitePerson conversationId={conversation.id} />
    </Dialog>
  );
}

function presentIds(members: readonly { user_id: string; left: boolean }[]): string[] {
  return members.filter((member) => !member.left).map((member) => member.user_id);
}
