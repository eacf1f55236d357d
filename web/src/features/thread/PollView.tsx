import "./poll.css";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { useId, useState } from "react";
import { useClient, useConversation, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Message, Poll } from "../../model/message.ts";
import { mayDelete } from "../../model/rights.ts";
import { choicesOf } from "../../model/wishes.ts";
import { useThreadActs } from "./acts.ts";
import { percentages, votersOf } from "./tally.ts";
import { useTry } from "./useTry.ts";

type PollViewProps = { message: Message; poll: Poll };

/** A question to vote on. What the others chose is seen by those who have voted, and by all when it is closed. */
export function PollView({ message, poll }: PollViewProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const tryTo = useTry();
  const { onAsk } = useThreadActs();
  const conversation = useConversation(message.conversation_id);
  const own = choicesOf(poll, me.id);
  const voters = votersOf(poll);
  const isClosed = poll.closed_at !== null;
  const showsResult = isClosed || own.length > 0;
  const mayClose = !isClosed && conversation !== undefined && mayDelete(message, conversation, me.id);
  const texts = words.messages.poll;
  const vote = (choices: readonly number[]) => void tryTo(client.messages.vote(message, choices));

  return (
    <section className="poll" aria-label={`${texts.name}: ${poll.question}`}>
      <p className="poll-question">{poll.question}</p>
      <p className="poll-kind">
        {isClosed ? texts.closed : poll.multiple ? texts.several : texts.one}
        {" · "}
        {voters === 0 ? texts.nobody : texts.people(voters)}
      </p>
      {showsResult ? <Result poll={poll} own={own} /> : <Ballot poll={poll} onVote={vote} />}
      {(voters > 0 || mayClose) && (
        <p className="poll-acts">
          {own.length > 0 && !isClosed && (
            <button type="button" onClick={() => vote([])}>
              {texts.takeBack}
            </button>
          )}
          {voters > 0 && showsResult && (
            <button type="button" onClick={() => onAsk({ type: "voters", message })}>
              {texts.voters}
            </button>
          )}
          {mayClose && (
            <button type="button" onClick={() => onAsk({ type: "closePoll", message })}>
              {texts.close}
            </button>
          )}
        </p>
      )}
    </section>
  );
}

type BallotProps = { poll: Poll; onVote: (choices: readonly number[]) => void };

/** One answer is given by choosing it; several by choosing and sending them. */
function Ballot({ poll, onVote }: BallotProps) {
  const words = useWords();
  const name = useId();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const choose = (index: number, isChosen: boolean) => {
    if (!poll.multiple) onVote([index]);
    else setChosen(isChosen ? [...chosen, index].toSorted() : chosen.filter((each) => each !== index));
  };
  return (
    <>
      <div className="poll-options" role={poll.multiple ? "group" : "radiogroup"} aria-label={poll.question}>
        {poll.options.map((option, index) => (
          <label key={option.text} className="poll-option">
            <input
              type={poll.multiple ? "checkbox" : "radio"}
              name={name}
              checked={chosen.includes(index)}
              onChange={(event) => choose(index, event.target.checked)}
            />
            <span className={clsx("poll-mark", poll.multiple && "poll-mark-square")} aria-hidden="true">
              {chosen.includes(index) && <Check />}
            </span>
            <span className="poll-text">{option.text}</span>
          </label>
        ))}
      </div>
      {poll.multiple && (
        <button
          type="button"
          className="poll-vote"
          disabled={chosen.length === 0}
          onClick={() => onVote(chosen)}
        >
          {words.messages.poll.vote}
        </button>
      )}
    </>
  );
}

function Result({ poll, own }: { poll: Poll; own: readonly number[] }) {
  const { messages } = useWords();
  const texts = messages.poll;
  const percents = percentages(poll);
  return (
    <ul className="poll-options" role="list" aria-label={texts.results}>
      {poll.options.map((option, index) => {
        const percent = percents[index] ?? 0;
        const isOwn = own.includes(index);
        const said = texts.result(option.text, option.count, percent);
        return (
          <li key={option.text} className="poll-result" aria-label={isOwn ? `${said}, ${texts.own}` : said}>
            <span className="poll-percent">{texts.percent(percent)}</span>
            <span className="poll-text">{option.text}</span>
            <span className="poll-own">{isOwn && <Check aria-hidden="true" />}</span>
            <span className="poll-bar" aria-hidden="true">
              <span style={{ width: `${percent}%` }} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
