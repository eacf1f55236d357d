import "./about.css";
import { AtSign, Hash, Info, LogOut, Mail, MessageCircle, Pencil, Trash2, UserPlus, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useIsOnline } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { chatName } from "../../words/names.ts";
import { Act } from "./Act.tsx";
import { AddPeopleDialog } from "./AddPeopleDialog.tsx";
import { EditDialog } from "./EditDialog.tsx";
import { DeleteQuestion, LeaveQuestion } from "./EndQuestions.tsx";
import { MemberList } from "./MemberList.tsx";
import { PersonActs } from "./PersonActs.tsx";

type AboutPanelProps = {
  conversation: OwnConversation;
  onClose: () => void;
  onOpen: (conversationId: string) => void;
  /** The conversation is not one's own any more. */
  onGone: () => void;
};

type Asking = "edit" | "add" | "leave" | "delete" | null;

/** Who and what a chat is, and what its people can do with it. */
export function AboutPanel({ conversation, onClose, onOpen, onGone }: AboutPanelProps) {
  const words = useWords();
  const [asking, setAsking] = useState<Asking>(null);
  const { kind, role, peer } = conversation;
  const title = chatName(conversation, words);
  const online = useIsOnline(peer?.id);
  const stop = () => setAsking(null);

  return (
    <section className="about" aria-label={words.about[kind]}>
      <header className="about-header">
        <IconButton label={words.close} icon={<X />} onClick={onClose} />
        <h2>{words.about[kind]}</h2>
        {kind !== "private" && role === "owner" && (
          <IconButton label={words.about.edit} icon={<Pencil />} onClick={() => setAsking("edit")} />
        )}
      </header>
      <div className="about-scroll">
        <div className="about-who">
          <Avatar
            id={peer?.id ?? conversation.id}
            name={title}
            picture={peer?.avatar ?? null}
            deleted={peer?.is_deleted ?? false}
            size="huge"
          />
          <p className="about-title">{title}</p>
          {!peer?.is_deleted && (
            <p className={online ? "about-status about-status-live" : "about-status"}>
              {kind === "private"
                ? words.thread[online ? "online" : "offline"]
                : words.thread.members(conversation.member_count)}
            </p>
          )}
        </div>
        <Facts conversation={conversation} />
        {peer && !peer.is_deleted && <PersonActs person={peer} />}
        {conversation.kind !== "private" && (
          <>
            <div className="about-block">
              {(kind === "group" || role !== "member") && (
                <Act icon={<UserPlus />} onPress={() => setAsking("add")}>
                  {words.about.addPeople}
                </Act>
              )}
              <MemberList conversation={conversation} onOpen={onOpen} />
            </div>
            <div className="about-block">
              <Act icon={<LogOut />} danger onPress={() => setAsking("leave")}>
                {words.about.leave[conversation.kind]}
              </Act>
              {role === "owner" && (
                <Act icon={<Trash2 />} danger onPress={() => setAsking("delete")}>
                  {words.about.delete[conversation.kind]}
                </Act>
              )}
            </div>
          </>
        )}
      </div>
      {asking === "edit" && <EditDialog conversation={conversation} onClose={stop} />}
      {asking === "add" && <AddPeopleDialog conversation={conversation} onClose={stop} />}
      {asking === "leave" && (
        <LeaveQuestion conversation={conversation} onClose={stop} onGone={onGone} />
      )}
      {asking === "delete" && (
        <DeleteQuestion conversation={conversation} onClose={stop} onGone={onGone} />
      )}
    </section>
  );
}

function Facts({ conversation }: { conversation: OwnConversation }) {
  const words = useWords();
  const { kind, peer, description, topic, name } = conversation;
  const facts: { icon: ReactNode; label: string; value: string }[] = [];
  if (peer?.about) facts.push({ icon: <Info />, label: words.about.bio, value: peer.about });
  if (peer?.username) {
    facts.push({ icon: <AtSign />, label: words.about.username, value: `@${peer.username}` });
  }
  if (peer?.email) facts.push({ icon: <Mail />, label: words.about.email, value: peer.email });
  if (description) facts.push({ icon: <Info />, label: words.about.description, value: description });
  if (topic) {
    const value = topic.slice(0, 1).toLocaleUpperCase() + topic.slice(1);
    facts.push({ icon: <MessageCircle />, label: words.about.topic, value });
  }
  if (kind === "room" && name) facts.push({ icon: <Hash />, label: words.about.name, value: name });
  if (facts.length === 0) return null;
  return (
    <dl className="about-block about-facts">
      {facts.map((fact) => (
        <div key={fact.label} className="about-fact">
          <span aria-hidden="true">{fact.icon}</span>
          <dd>{fact.value}</dd>
          <dt>{fact.label}</dt>
        </div>
      ))}
    </dl>
  );
}
