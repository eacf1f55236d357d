import "./avatar.css";
import { clsx } from "clsx";
import { UserRound } from "lucide-react";
import { useState } from "react";
import { pictureOf, type PictureSize } from "../model/pictures.ts";
import { colourOf, initialsOf } from "../model/titles.ts";

type AvatarProps = {
  id: string;
  name: string;
  picture?: string | null;
  size?: "small" | "medium" | "large" | "huge";
  online?: boolean;
  /** The account is gone: neither a picture nor a colour of its own. */
  deleted?: boolean;
};

const pictureSizes: Readonly<Record<NonNullable<AvatarProps["size"]>, PictureSize>> = {
  small: 96,
  medium: 96,
  large: 96,
  huge: 256,
};

/** A picture or coloured initials. It decorates a name that stands beside it, so it has none of its own. */
export function Avatar(props: AvatarProps) {
  const { id, name, picture, size = "medium", online = false, deleted = false } = props;
  // A picture that was changed meanwhile is gone from its old address.
  const [missing, setMissing] = useState<string | null>(null);
  const shown = !deleted && picture && picture !== missing ? picture : null;
  return (
    <span className={clsx("avatar", `avatar-${size}`)} aria-hidden="true">
      <span className={clsx("avatar-face", deleted ? "avatar-gone" : `avatar-tint-${colourOf(id)}`)}>
        {shown !== null && (
          <img
            src={pictureOf(shown, pictureSizes[size])}
            alt=""
            loading="lazy"
            draggable={false}
            onError={() => setMissing(shown)}
          />
        )}
        {shown === null && (deleted ? <UserRound /> : initialsOf(name))}
      </span>
      {online && !deleted && <span className="avatar-online" />}
    </span>
  );
}
