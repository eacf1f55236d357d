import "./dialogs.css";
import type { ReactNode } from "react";
import { useMe, useUser } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import { Avatar } from "../../../ui/Avatar.tsx";
import { nameOf } from "../../../words/names.ts";

type PersonLineProps = { userId: string; note?: ReactNode };

/** One person in a list, and a word on them. */
export function PersonLine({ userId, note }: PersonLineProps) {
  const words = useWords();
  const me = useMe();
  const user = useUser(userId);
  const name = nameOf(user, words);
  return (
    <li className="people-line">
      <Avatar id={userId} name={name} picture={user?.avatar ?? null} deleted={user?.is_deleted ?? false} />
      <span className="people-line-name">{userId === me.id ? words.you : name}</span>
      {note !== undefined && <span className="people-line-note">{note}</span>}
    </li>
  );
}
