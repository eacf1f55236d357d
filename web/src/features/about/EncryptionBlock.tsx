import "./encryption.css";
import { CircleHelp, Lock, ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { openEncryptionDialog } from "../../bindings/encryption_dialogs.ts";
import { useWords } from "../../bindings/language.tsx";
import { useObstacles } from "../../bindings/sealed.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Trust } from "../../model/encryption.ts";
import type { User } from "../../model/user.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { nameOf } from "../../words/names.ts";
import { Act } from "./Act.tsx";

type EncryptionBlockProps = { conversation: OwnConversation; onSafety: (userId: string) => void };

/** A group has many people; so many are listed before one asks for the rest. */
const listedAtOnce = 5;

/** That a chat is encrypted, and whose safety numbers one has compared. */
export function EncryptionBlock({ conversation, onSafety }: EncryptionBlockProps) {
  const { encryption, gathering } = useWords();
  const people = useOthers(conversation);
  const trust = useStore(useClient().stores.encryption, (state) => state.trust);
  const { waitingFor } = useObstacles(conversation);
  const [isWhole, setIsWhole] = useState(false);
  const texts = encryption.safety;
  const verified = people.filter((person) => trust[person.id] === "verified").length;
  const listed = isWhole ? people : people.slice(0, listedAtOnce);
  return (
    <section className="about-block" aria-label={texts.block}>
      <div className="about-entry about-encryption">
        <Lock aria-hidden="true" />
        <span className="about-row-text">
          <span>{encryption.label}</span>
          {people.length > 0 && <span className="about-row-soft">{texts.summary(verified, people.length)}</span>}
        </span>
      </div>
      <ul role="list" aria-label={texts.compare}>
        {listed.map((person) => (
          <li key={person.id}>
            <Person
              person={person}
              trust={trust[person.id] ?? "unknown"}
              isWaitedFor={waitingFor.includes(person.id)}
              onPress={() => onSafety(person.id)}
            />
          </li>
        ))}
      </ul>
      {people.length > listed.length && (
        <button type="button" className="about-act about-encryption-more" onClick={() => setIsWhole(true)}>
          {gathering.about.loadMore}
        </button>
      )}
      <Act icon={<CircleHelp />} onPress={() => void openEncryptionDialog({ type: "explain" })}>
        {encryption.learnMore}
      </Act>
    </section>
  );
}

type PersonProps = { person: User; trust: Trust; isWaitedFor: boolean; onPress: () => void };

function Person({ person, trust, isWaitedFor, onPress }: PersonProps) {
  const words = useWords();
  const texts = words.encryption.safety;
  const name = nameOf(person, words);
  const standing = {
    verified: texts.verified,
    changed: texts.changed,
    known: texts.unverified,
    unknown: isWaitedFor ? texts.waiting : texts.unverified,
  }[trust];
  return (
    <button type="button" className="about-entry about-safety" onClick={onPress}>
      <span className="unseen">
        {texts.compareWith(name)}, {standing}
      </span>
      <Avatar id={person.id} name={name} picture={person.avatar} deleted={person.is_deleted} size="small" />
      <span className="about-row-text" aria-hidden="true">
        <span className="member-name">{name}</span>
        <span className="about-row-soft">{standing}</span>
      </span>
      <TrustSign trust={trust} />
    </button>
  );
}

function TrustSign({ trust }: { trust: Trust }) {
  if (trust === "verified") return <ShieldCheck className="about-trust-good" aria-hidden="true" />;
  if (trust === "changed") return <ShieldAlert className="about-trust-bad" aria-hidden="true" />;
  return <ShieldQuestion aria-hidden="true" />;
}

const nobody: readonly User[] = [];

/** The other people of a chat who are there. */
function useOthers({ id, peer }: OwnConversation): readonly User[] {
  const client = useClient();
  const me = useMe();
  const state = useStore(client.stores.memberships, (all) => all.byConversation[id]);
  useEffect(() => {
    if (peer === null) void client.loadMembers(id).catch(() => undefined);
  }, [client, id, peer]);
  return useMemo(() => {
    if (peer !== null) return peer.is_deleted ? nobody : [peer];
    if (state?.status !== "ready") return nobody;
    return state.members
      .filter(({ left, user }) => !left && user.id !== me.id && !user.is_deleted)
      .map(({ user }) => user)
      .toSorted((one, other) => one.display_name.localeCompare(other.display_name));
  }, [peer, state, me.id]);
}
