import { useState } from "react";
import { useClient } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { usePeopleFinder } from "../../../bindings/people.ts";
import type { User } from "../../../model/user.ts";
import { PeopleField } from "../../../ui/PeopleField.tsx";
import { showToast } from "../../../ui/toasts.ts";
import { FormDialog } from "../FormDialog.tsx";

type BlockDialogProps = {
  /** Those who are blocked already. */
  except: ReadonlySet<string>;
  onClose: () => void;
};

export function BlockDialog({ except, onClose }: BlockDialogProps) {
  const words = useWords();
  const { settings } = useClient();
  const texts = words.settings.blocked;
  const finder = usePeopleFinder();
  const [people, setPeople] = useState<readonly User[]>([]);
  const person = people[0];
  return (
    <FormDialog
      title={texts.add}
      text={texts.addText}
      act={texts.block}
      tone="danger"
      isFilled={person !== undefined}
      names={["user_id"]}
      onAct={async () => {
        if (person === undefined) return;
        await settings.block(person.id);
        showToast(texts.blockedNow(person.display_name));
      }}
      onClose={onClose}
    >
      {({ tried, faultOf, forget }) => (
        <PeopleField
          {...finder}
          label={texts.find}
          single
          except={except}
          chosen={people}
          onChange={(chosen) => {
            setPeople(chosen);
            forget();
          }}
          error={(tried && !person ? texts.missing : undefined) ?? faultOf("user_id")}
        />
      )}
    </FormDialog>
  );
}
