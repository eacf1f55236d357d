import "./members.css";
import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Member, OwnConversation } from "../../model/conversation.ts";
import { More } from "../../ui/More.tsx";
import { Button } from "../../ui/Button.tsx";
import type { Point } from "../../ui/ContextMenu.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { HandOverQuestion, ShowOutQuestion } from "./EndQuestions.tsx";
import { RowSkeletons } from "./Listed.tsx";
import { MemberMenu } from "./MemberMenu.tsx";
import { MemberRow } from "./MemberRow.tsx";
import { byStanding, isNamed, mayRemove } from "./standing.ts";

/** A room may have thousands of members; so many rows are drawn at once. */
const shownAtOnce = 100;
/** From this many on it is worth while to look for one. */
const searchedFrom = 8;

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
  const trust = useStore(client.stores.encryption, (all) => all.trust);
  const online = useStore(client.stores.presence, (presence) => presence.online);
  const [menu, setMenu] = useState<{ member: Member; at: Point } | null>(null);
  const [heir, setHeir] = useState<Member | null>(null);
  const [showingOut, setShowingOut] = useState<{ member: Member; how: "remove" | "ban" } | null>(null);
  const [search, setSearch] = useState("");
  const [most, setMost] = useState(shownAtOnce);

  useEffect(() => {
    void client.loadMembers(id).catch(() => undefined);
  }, [client, id]);

  if (!state || state.status === "loading") return <RowSkeletons />;
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
  const present = state.members.filter((member) => !member.left);
  const members = present
    .filter((member) => isNamed(member.user, search))
    .toSorted(byStanding(online));
  return (
    <>
      {present.length >= searchedFrom && (
        <SearchField
          label={words.gathering.about.findMember}
          clearLabel={words.clear}
          value={search}
          onChange={setSearch}
        />
      )}
      {members.length === 0 && <p className="about-nothing">{words.gathering.about.noMember}</p>}
      <ul role="list" aria-label={words.about.members}>
        {members.slice(0, most).map((member) => (
          <MemberRow
            key={member.user_id}
            member={member}
            online={online.has(member.user_id)}
            isVerified={conversation.encrypted && trust[member.user_id] === "verified"}
            isMe={member.user_id === me.id}
            hasMenu={
              member.user_id !== me.id && (!member.user.is_deleted || mayRemove(role, member.role))
            }
            onMenu={(at) => setMenu({ member, at })}
          />
        ))}
      </ul>
      {members.length > most && (
        <More
          label={words.gathering.about.loadMore}
          busy={false}
          onMore={() => setMost(most + shownAtOnce)}
        />
      )}
      {menu && (
        <MemberMenu
          key={`${menu.at.x} ${menu.at.y}`}
          conversation={conversation}
          member={menu.member}
          at={menu.at}
          onTalk={() => void talk(menu.member.user_id)}
          onHandOver={() => setHeir(menu.member)}
          onShowOut={(how) => setShowingOut({ member: menu.member, how })}
          onClose={() => setMenu(null)}
        />
      )}
      {heir && (
        <HandOverQuestion conversation={conversation} member={heir} onClose={() => setHeir(null)} />
      )}
      {showingOut && (
        <ShowOutQuestion conversationId={id} {...showingOut} onClose={() => setShowingOut(null)} />
      )}
    </>
  );
}
