import { Ellipsis, ShieldCheck } from "lucide-react";
import { useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Member } from "../../model/conversation.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { useLongPress } from "../../ui/useLongPress.ts";
import { nameOf } from "../../words/names.ts";

type MemberRowProps = {
  member: Member;
  online: boolean;
  isMe: boolean;
  /** The reader has compared safety numbers with this person. */
  isVerified: boolean;
  /** There is something that can be done about this person. */
  hasMenu: boolean;
  onMenu: (at: Point) => void;
};

export function MemberRow({ member, online, isMe, isVerified, hasMenu, onMenu }: MemberRowProps) {
  const words = useWords();
  const user = useUser(member.user_id) ?? member.user;
  const longPress = useLongPress(onMenu);
  const name = nameOf(user, words);
  return (
    <li
      className="member"
      aria-label={name}
      {...(hasMenu && {
        ...longPress,
        onContextMenu: (event) => {
          event.preventDefault();
          onMenu({ x: event.clientX, y: event.clientY });
        },
      })}
    >
      <Avatar id={user.id} name={name} picture={user.avatar} online={online} deleted={user.is_deleted} />
      <span className="member-text">
        <span className="member-name">
          {isMe ? `${name} (${words.you})` : name}
          {isVerified && (
            <ShieldCheck className="member-verified" role="img" aria-label={words.encryption.safety.verified} />
          )}
        </span>
        <span className={online ? "member-status member-status-live" : "member-status"}>
          {!user.is_deleted && words.thread[online ? "online" : "offline"]}
        </span>
      </span>
      {member.role !== "member" && <span className="member-role">{words.about[member.role]}</span>}
      {hasMenu && (
        <IconButton
          className="member-more"
          label={words.about.memberActions(name)}
          icon={<Ellipsis />}
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            onMenu({ x: box.left, y: box.bottom });
          }}
        />
      )}
    </li>
  );
}
