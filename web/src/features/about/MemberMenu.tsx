import { Ban, Crown, MessageCircle, Shield, ShieldOff, UserMinus } from "lucide-react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Member, OwnConversation, Role } from "../../model/conversation.ts";
import { ContextMenu, type Point } from "../../ui/ContextMenu.tsx";
import { MenuItem } from "../../ui/Menu.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { mayRemove } from "./standing.ts";

type MemberMenuProps = {
  conversation: OwnConversation;
  member: Member;
  at: Point;
  onTalk: () => void;
  onHandOver: () => void;
  onShowOut: (how: "remove" | "ban") => void;
  onClose: () => void;
};

/** What the reader can do about a member. */
export function MemberMenu(props: MemberMenuProps) {
  const { conversation, member, at, onTalk, onHandOver, onShowOut, onClose } = props;
  const words = useWords();
  const { moderation } = useClient();
  const { about } = words.gathering;
  const name = nameOf(member.user, words);
  const isGone = member.user.is_deleted;

  const setRole = (role: Role) =>
    void moderation
      .setRole(conversation.id, member.user_id, role)
      .catch((error: unknown) => showToast(sentenceOf(error, words)));

  return (
    <ContextMenu at={at} onClose={onClose}>
      {!isGone && (
        <MenuItem icon={<MessageCircle />} onSelect={onTalk}>
          {words.about.talk(name)}
        </MenuItem>
      )}
      {conversation.role === "owner" && member.role === "member" && !isGone && (
        <MenuItem icon={<Shield />} onSelect={() => setRole("admin")}>
          {about.makeAdmin}
        </MenuItem>
      )}
      {conversation.role === "owner" && member.role === "admin" && (
        <MenuItem icon={<ShieldOff />} onSelect={() => setRole("member")}>
          {about.removeAdmin}
        </MenuItem>
      )}
      {conversation.role === "owner" && !isGone && (
        <MenuItem icon={<Crown />} onSelect={onHandOver}>
          {about.handOver}
        </MenuItem>
      )}
      {mayRemove(conversation.role, member.role) && (
        <>
          <MenuItem icon={<UserMinus />} tone="danger" onSelect={() => onShowOut("remove")}>
            {words.about.remove(name)}
          </MenuItem>
          {!isGone && (
            <MenuItem icon={<Ban />} tone="danger" onSelect={() => onShowOut("ban")}>
              {about.ban(name)}
            </MenuItem>
          )}
        </>
      )}
    </ContextMenu>
  );
}
