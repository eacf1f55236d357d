import "./avatar.css";
import { clsx } from "clsx";
import { colourOf, initialsOf } from "../model/titles.ts";

type AvatarProps = {
  id: string;
  name: string;
  picture?: string | null;
  size?: "small" | "medium" | "large" | "huge";
  online?: boolean;
};

/** A picture or coloured initials. It decorates a name that stands beside it, so it has none of its own. */
export function Avatar({ id, name, picture, size = "medium", online = false }: AvatarProps) {
  return (
    <span className={clsx("avatar", `avatar-${size}`)} aria-hidden="true">
      <span className={clsx("avatar-face", `avatar-tint-${colourOf(id)}`)}>
        {picture ? <img src={picture} alt="" loading="lazy" /> : initialsOf(name)}
      </span>
      {online && <span className="avatar-online" />}
    </span>
  );
}
