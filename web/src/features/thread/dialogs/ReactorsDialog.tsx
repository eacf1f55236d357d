import { useWords } from "../../../bindings/language.tsx";
import { useOpened } from "../../../bindings/sealed.ts";
import type { Message } from "../../../model/message.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { PersonLine } from "./PeopleList.tsx";

/** Who has reacted, and how. */
export function ReactorsDialog({ message: stored, onClose }: { message: Message; onClose: () => void }) {
  const words = useWords();
  const message = useOpened(stored);
  return (
    <Dialog
      title={words.messages.reactions}
      closeLabel={words.close}
      onClose={onClose}
      footer={<Button onClick={onClose}>{words.close}</Button>}
    >
      {message.reactions.map(({ emoji, count, user_ids }) => (
        <section key={emoji} className="people-section" aria-label={words.messages.reaction(emoji, count)}>
          <h3 className="people-title" aria-hidden="true">
            <span className="people-emoji">{emoji}</span> {words.number(count)}
          </h3>
          <ul role="list">
            {user_ids.map((id) => (
              <PersonLine key={id} userId={id} />
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
