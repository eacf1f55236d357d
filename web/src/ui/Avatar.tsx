import "./avatar.css";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { colourOf, initialsOf } from "../model/titles.ts";

type AvatarProps = {
  id: string;
  name: string;
  picture?: string | null;
  size?: "small" | "medium" | "large" | "huge";
  online?: boolean;
  /** Drawn instead of the initials, for what is not a person. */
  icon?: ReactNode;
};

/** A picture or coloured initials. It decorates a name that stands beside it, so it has none of its own. */
export function Avatar({ id, name, picture, size = "medium", online = false, icon }: AvatarProps) {
  return (
    <span className={clsx("avatar", `avatar-${size}`)} aria-hidden="true">
      <span className={clsx("avatar-face", `avatar-tint-${colourOf(id)}`)}>
        {picture ? <img src={picture} alt="" loading="lazy" /> : (icon ?? initialsOf(name))}
      </span>
      {online && <span className="avatar-online" />}
    </span>
  );
}
