import type { ReactNode } from "react";
import { useIsOnline, useUser } from "../../../bindings/client.tsx";
import { useWords } from "../../../bindings/language.tsx";
import type { User } from "../../../model/user.ts";
import { Avatar } from "../../../ui/Avatar.tsx";
import { nameOf } from "../../../words/names.ts";

type PersonRowProps = {
  person: User;
  /** What a press on the person does, and how it is called; nothing where left out. */
  press?: { label: string; onPress: () => void };
  /** The buttons at the end. */
  children: ReactNode;
};

/** Somebody in a list of people. */
export function PersonRow({ person, press, children }: PersonRowProps) {
  const words = useWords();
  const user = useUser(person.id) ?? person;
  const online = useIsOnline(person.id);
  const name = nameOf(user, words);
  const face = (
    <>
      <Avatar
        id={user.id}
        name={name}
        picture={user.avatar}
        online={online}
        deleted={user.is_deleted}
      />
      <span className="settings-row-text">
        <span className="settings-row-label">{name}</span>
        {user.username && <span className="settings-row-hint">@{user.username}</span>}
      </span>
    </>
  );
  return (
    <li className="person-row" aria-label={name}>
      {press && !user.is_deleted ? (
        <button
          type="button"
          className="person-row-face"
          aria-label={press.label}
          onClick={press.onPress}
        >
          {face}
        </button>
      ) : (
        <span className="person-row-face">{face}</span>
      )}
      {children}
    </li>
  );
}
