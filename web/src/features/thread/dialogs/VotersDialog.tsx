import { useWords } from "../../../bindings/language.tsx";
import type { Message } from "../../../model/message.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { PersonLine } from "./PeopleList.tsx";

/** Who chose which answer of a poll. */
export function VotersDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const words = useWords();
  const texts = words.messages.poll;
  return (
    <Dialog
      title={texts.voters}
      {...(message.poll && { text: message.poll.question })}
      closeLabel={words.close}
      onClose={onClose}
      footer={<Button onClick={onClose}>{words.close}</Button>}
    >
      {message.poll?.options.map((option) => (
        <section key={option.text} className="people-section" aria-label={option.text}>
          <h3 className="people-title">
            {option.text} <span>{option.count === 0 ? texts.nobody : texts.count(option.count)}</span>
          </h3>
          <ul role="list">
            {option.user_ids.map((id) => (
              <PersonLine key={id} userId={id} />
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
