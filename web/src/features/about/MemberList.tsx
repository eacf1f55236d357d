import { MessageCircle, TriangleAlert, UserMinus } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Member, OwnConversation } from "../../model/conversation.ts";
import { Button } from "../../ui/Button.tsx";
import { ContextMenu, type Point } from "../../ui/ContextMenu.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { MenuItem } from "../../ui/Menu.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { RemoveQuestion } from "./EndQuestions.tsx";
import { MemberRow } from "./MemberRow.tsx";
import { byStanding, mayRemove } from "./standing.ts";

type MemberListProps = {
  conversation: OwnConversation;
  onOpen: (conversationId: string) => void;
};

export function MemberList({ conversation, onOpen }: MemberListProps) {
  const words = useWords();
  const client = useClient();
  const me = useMe();
  const { id, role } = conversation;
  const state = useStore(client.stores.memberships, (all) => all.byConversation[id]);
  const online = useStore(client.stores.presence, (presence) => presence.online);
  const [menu, setMenu] = useState<{ member: Member; at: Point } | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);

  useEffect(() => {
    void client.loadMembers(id).catch(() => undefined);
  }, [client, id]);

  if (!state || state.status === "loading") return <MemberSkeletons />;
  if (state.status === "failed") {
    return (
      <EmptyState icon={<TriangleAlert />} title={words.about.membersFailed}>
        <Button onClick={() => void client.loadMembers(id).catch(() => undefined)}>
          {words.tryAgain}
        </Button>
      </EmptyState>
    );
  }

  const talk = async (userId: string) => {
    try {
      onOpen(await client.createPrivate(userId));
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  const members = state.members.filter((member) => !member.left).toSorted(byStanding(online));
  return (
    <>
      <ul role="list" aria-label={words.about.members}>
        {members.map((member) => (
          <MemberRow
            key={member.user_id}
            member={member}
            online={online.has(member.user_id)}
            isMe={member.user_id === me.id}
            hasMenu={
              member.user_id !== me.id && (!member.user.is_deleted || mayRemove(role, member.role))
            }
            onMenu={(at) => setMenu({ member, at })}
          />
        ))}
      </ul>
      {menu && (
        <ContextMenu key={`${menu.at.x} ${menu.at.y}`} at={menu.at} onClose={() => setMenu(null)}>
          {!menu.member.user.is_deleted && (
            <MenuItem icon={<MessageCircle />} onSelect={() => void talk(menu.member.user_id)}>
              {words.about.talk(nameOf(menu.member.user, words))}
            </MenuItem>
          )}
          {mayRemove(role, menu.member.role) && (
            <MenuItem icon={<UserMinus />} tone="danger" onSelect={() => setRemoving(menu.member)}>
              {words.about.remove(nameOf(menu.member.user, words))}
            </MenuItem>
          )}
        </ContextMenu>
      )}
      {removing && (
        <RemoveQuestion
          conversationId={id}
          member={removing}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}

function MemberSkeletons() {
  const words = useWords();
  return (
    <div role="status" aria-label={words.loading}>
      {["7rem", "9rem", "6rem"].map((width) => (
        <div key={width} className="member">
          <Skeleton shape="circle" width="2.625rem" height="2.625rem" />
          <Skeleton shape="line" width={width} height="0.8rem" />
        </div>
      ))}
    </div>
  );
}
