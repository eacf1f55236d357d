import "./people-field.css";
import { Check, X } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";
import type { User } from "../model/user.ts";
import { Avatar } from "./Avatar.tsx";
import { TextField } from "./TextField.tsx";
import { useFound } from "./useFound.ts";

type PeopleFieldProps = {
  label: string;
  wording: {
    found: string;
    chosen: string;
    nobody: string;
    failed: string;
    takeOut: (name: string) => string;
  };
  /** People by what was typed; everybody who can be offered for nothing. */
  find: (text: string) => Promise<readonly User[]>;
  chosen: readonly User[];
  onChange: (chosen: readonly User[]) => void;
  /** Only one can be chosen: the next takes the place of the last. */
  single?: boolean;
  /** Who is not offered. */
  except?: ReadonlySet<string>;
  error?: string | undefined;
};

/** A field to find people with, the ones found below it, the ones chosen above. */
export function PeopleField(props: PeopleFieldProps) {
  const { label, wording, find, chosen, onChange, single = false, except, error } = props;
  const listId = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const found = useFound(find, text.trim());
  const offered = (found.result ?? []).filter((person) => !except?.has(person.id));
  const isChosen = (person: User) => chosen.some((each) => each.id === person.id);

  const toggle = (person: User) => {
    if (isChosen(person)) onChange(chosen.filter((each) => each.id !== person.id));
    else onChange(single ? [person] : [...chosen, person]);
    setText("");
    setActive(0);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const person = offered[active];
    if (step !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(offered.length - 1, active + step)));
    } else if (event.key === "Enter" && text.trim() && person) {
      event.preventDefault();
      toggle(person);
    } else if (event.key === "Backspace" && text === "" && chosen.length > 0) {
      onChange(chosen.slice(0, -1));
    }
  };

  return (
    <div className="people-field">
      {chosen.length > 0 && (
        <ul className="people-chosen" role="list" aria-label={wording.chosen}>
          {chosen.map((person) => (
            <li key={person.id} className="people-chip">
              <Avatar
                id={person.id}
                name={person.display_name}
                picture={person.avatar}
                size="small"
              />
              <span className="people-chip-name">{person.display_name}</span>
              <button
                type="button"
                aria-label={wording.takeOut(person.display_name)}
                onClick={() => toggle(person)}
              >
                <X />
              </button>
            </li>
          ))}
        </ul>
      )}
      <TextField
        label={label}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        error={error}
        aria-controls={offered.length > 0 ? listId : undefined}
        aria-activedescendant={offered.length > 0 && text ? `${listId}-${active}` : undefined}
      />
      {offered.length > 0 ? (
        <div
          id={listId}
          className="people-found"
          role="listbox"
          aria-label={wording.found}
          aria-multiselectable={!single}
        >
          {offered.map((person, index) => (
            <div
              key={person.id}
              id={`${listId}-${index}`}
              className="people-option"
              role="option"
              tabIndex={-1}
              aria-selected={isChosen(person)}
              data-active={text !== "" && index === active}
              onClick={() => toggle(person)}
              onKeyDown={(event) => event.key === "Enter" && toggle(person)}
            >
              <Avatar id={person.id} name={person.display_name} picture={person.avatar} />
              <span className="people-option-text">
                <span className="people-option-name">{person.display_name}</span>
                {person.username && <span className="people-option-more">@{person.username}</span>}
              </span>
              {isChosen(person) && <Check aria-hidden="true" />}
            </div>
          ))}
        </div>
      ) : (
        found.status !== "searching" && (
          <p className="people-nobody" role="status">
            {found.status === "failed" ? wording.failed : wording.nobody}
          </p>
        )
      )}
    </div>
  );
}
