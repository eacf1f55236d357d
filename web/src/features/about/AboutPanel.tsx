import "./about.css";
import { BookText, Link2, Pencil, Pin, ShieldBan, ShieldCheck, Trash2, UserPlus, X } from "lucide-react";
import { useState } from "react";
import { useIsOnline } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useTrust } from "../../bindings/sealed.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { type MediaKind, mediaKinds } from "../../model/media.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { chatName } from "../../words/names.ts";
import { Act } from "./Act.tsx";
import { AddPeopleDialog } from "./AddPeopleDialog.tsx";
import { AuditPage } from "./AuditPage.tsx";
import { BansPage } from "./BansPage.tsx";
import { Buttons } from "./Buttons.tsx";
import { EditDialog } from "./EditDialog.tsx";
import { EncryptionBlock } from "./EncryptionBlock.tsx";
import { DeleteQuestion, LeaveQuestion } from "./EndQuestions.tsx";
import { Facts } from "./Facts.tsx";
import { LinksPage } from "./LinksPage.tsx";
import { MemberList } from "./MemberList.tsx";
import { NotifyBlock } from "./NotifyBlock.tsx";
import { PersonActs } from "./PersonActs.tsx";
import { PinnedPage } from "./PinnedPage.tsx";
import { SafetyPage } from "./SafetyPage.tsx";
import { type OnView, SharedMedia } from "./SharedMedia.tsx";
import { mayAdd } from "./standing.ts";

type AboutPanelProps = {
  conversation: OwnConversation;
  onClose: () => void;
  onOpen: (conversationId: string) => void;
  /** The conversation is not one's own any more. */
  onGone: () => void;
  /** With whom safety numbers are compared just now. */
  safetyWith: string | null;
  /** Goes to the safety number with somebody; null: back from it. */
  onSafety: (userId: string | null) => void;
  onView: OnView;
  /** Absent where there is nothing to search with. */
  onSearch?: () => void;
  /** Leads to a message of the chat. */
  onGoTo: (messageId: string) => void;
};

type Asking = "edit" | "add" | "leave" | "delete" | null;
type Page = "pinned" | "links" | "bans" | "audit" | null;

/** Who and what a chat is, and what its people can do with it. */
export function AboutPanel(props: AboutPanelProps) {
  const { conversation, onGone, onGoTo, safetyWith, onSafety } = props;
  const [asking, setAsking] = useState<Asking>(null);
  const [page, setPage] = useState<Page>(null);
  const stop = () => setAsking(null);
  const toFirst = () => setPage(null);

  if (safetyWith !== null && conversation.encrypted) {
    return <SafetyPage key={safetyWith} userId={safetyWith} onBack={() => onSafety(null)} />;
  }
  if (page === "pinned") return <PinnedPage conversationId={conversation.id} onBack={toFirst} onGoTo={onGoTo} />;
  if (page === "links") return <LinksPage conversationId={conversation.id} onBack={toFirst} />;
  if (page === "bans") return <BansPage conversationId={conversation.id} onBack={toFirst} />;
  if (page === "audit") return <AuditPage conversationId={conversation.id} onBack={toFirst} />;
  return (
    <>
      <FirstPage {...props} onAsk={setAsking} onPage={setPage} />
      {asking === "edit" && <EditDialog conversation={conversation} onClose={stop} />}
      {asking === "add" && <AddPeopleDialog conversation={conversation} onClose={stop} />}
      {asking === "leave" && (
        <LeaveQuestion conversation={conversation} onClose={stop} onGone={onGone} />
      )}
      {asking === "delete" && (
        <DeleteQuestion conversation={conversation} onClose={stop} onGone={onGone} />
      )}
    </>
  );
}

type FirstPageProps = AboutPanelProps & {
  onAsk: (asking: Asking) => void;
  onPage: (page: Page) => void;
};

function FirstPage({ conversation, onClose, onAsk, onPage, ...rest }: FirstPageProps) {
  const words = useWords();
  const { about, links } = words.gathering;
  const { kind, role, peer } = conversation;
  const looksAfter = kind !== "private" && role !== "member";
  return (
    <section className="about" aria-label={words.about[kind]}>
      <header className="about-header">
        <IconButton label={words.close} icon={<X />} onClick={onClose} />
        <h2>{words.about[kind]}</h2>
        {kind !== "private" && role === "owner" && (
          <IconButton label={words.about.edit} icon={<Pencil />} onClick={() => onAsk("edit")} />
        )}
      </header>
      <div className="about-scroll">
        <Who conversation={conversation} />
        <Buttons
          conversation={conversation}
          onSearch={rest.onSearch}
          onLeave={() => onAsk("leave")}
        />
        <Facts conversation={conversation} />
        <div className="about-block">
          <NotifyBlock conversation={conversation} />
          <Act icon={<Pin />} onPress={() => onPage("pinned")}>
            {about.pinned}
          </Act>
          {mayAdd(conversation) && (
            <>
              <Act icon={<UserPlus />} onPress={() => onAsk("add")}>
                {words.about.addPeople}
              </Act>
              <Act icon={<Link2 />} onPress={() => onPage("links")}>
                {links.title}
              </Act>
            </>
          )}
          {looksAfter && (
            <>
              <Act icon={<ShieldBan />} onPress={() => onPage("bans")}>
                {about.bans}
              </Act>
              <Act icon={<BookText />} onPress={() => onPage("audit")}>
                {about.audit}
              </Act>
            </>
          )}
          {kind !== "private" && role === "owner" && (
            <Act icon={<Trash2 />} danger onPress={() => onAsk("delete")}>
              {words.about.delete[kind]}
            </Act>
          )}
        </div>
        {conversation.encrypted && <EncryptionBlock conversation={conversation} onSafety={rest.onSafety} />}
        {peer && !peer.is_deleted && <PersonActs person={peer} />}
        <Shared conversation={conversation} onOpen={rest.onOpen} onView={rest.onView} />
      </div>
    </section>
  );
}

function Who({ conversation }: { conversation: OwnConversation }) {
  const words = useWords();
  const { id, kind, peer, picture, member_count, encrypted } = conversation;
  const trust = useTrust(peer?.id);
  const title = chatName(conversation, words);
  const online = useIsOnline(peer?.id);
  return (
    <div className="about-who">
      <Avatar
        id={peer?.id ?? id}
        name={title}
        picture={peer ? peer.avatar : picture}
        deleted={peer?.is_deleted ?? false}
        size="huge"
      />
      <p className="about-title">
        {title}
        {encrypted && trust === "verified" && (
          <ShieldCheck className="about-verified" role="img" aria-label={words.encryption.safety.verified} />
        )}
      </p>
      {!peer?.is_deleted && (
        <p className={online ? "about-status about-status-live" : "about-status"}>
          {kind === "private" ? words.thread[online ? "online" : "offline"] : words.thread.members(member_count)}
        </p>
      )}
    </div>
  );
}

type SharedProps = Pick<AboutPanelProps, "conversation" | "onOpen" | "onView">;

/** The members, and what was shared, a tab for each kind. */
function Shared({ conversation, onOpen, onView }: SharedProps) {
  const { gathering } = useWords();
  const { media } = gathering;
  const isPrivate = conversation.kind === "private";
  const [tab, setTab] = useState<MediaKind | "members">(isPrivate ? "image" : "members");
  const kinds = isPrivate ? mediaKinds : (["members", ...mediaKinds] as const);
  return (
    <div className="about-shared">
      <Tabs
        label={media.title}
        tabs={kinds.map((value) => ({ value, label: media[value] }))}
        value={tab}
        onChange={setTab}
      >
        {tab === "members" ? (
          <MemberList conversation={conversation} onOpen={onOpen} />
        ) : (
          <SharedMedia conversation={conversation} kind={tab} onView={onView} />
        )}
      </Tabs>
    </div>
  );
}
