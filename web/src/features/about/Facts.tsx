import { AtSign, Hash, Info, Mail, MessageCircle } from "lucide-react";
import type { ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";
import type { OwnConversation } from "../../model/conversation.ts";

/** What it says of itself, and by what it is found. */
export function Facts({ conversation }: { conversation: OwnConversation }) {
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
  if (kind === "room" && name) facts.push({ icon: <Hash />, label: words.gathering.edit.shortName, value: name });
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
