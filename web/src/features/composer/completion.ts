/** The name of a person or an emoji that is just being typed. */

export interface Begun {
  readonly type: "mention" | "emoji";
  /** Without the sign before it. */
  readonly text: string;
  /** Where the sign stands. */
  readonly from: number;
}

const mention = /(?:^|[^\w@/.+-])@([A-Za-z0-9_.]{0,32})$/u;
const emoji = /(?:^|\s):([\p{L}\p{N}_]{2,32})$/u;

/** What stands before the caret, where it is something to be completed. */
export function begunAt(text: string, caret: number): Begun | null {
  const before = text.slice(0, caret);
  const name = mention.exec(before)?.[1];
  if (name !== undefined) return { type: "mention", text: name, from: caret - name.length - 1 };
  const word = emoji.exec(before)?.[1];
  return word === undefined ? null : { type: "emoji", text: word, from: caret - word.length - 1 };
}

export interface Named {
  readonly username: string | null;
  readonly display_name: string;
}

/** The people whose names begin with the text: by username first, then by any word of the name. */
export function peopleFor<Person extends Named>(people: readonly Person[], text: string): readonly Person[] {
  const sought = text.toLowerCase();
  const ranked = people.flatMap((person) => {
    const rank = rankOf(person, sought);
    return rank === null ? [] : [{ person, rank }];
  });
  return ranked
    .toSorted((one, other) => one.rank - other.rank || one.person.display_name.localeCompare(other.person.display_name))
    .map(({ person }) => person);
}

function rankOf({ username, display_name }: Named, sought: string): number | null {
  if (username === null) return null;
  if (username.toLowerCase().startsWith(sought)) return 0;
  const words = display_name.toLowerCase().split(/\s+/u);
  return words.some((word) => word.startsWith(sought)) ? 1 : null;
}
