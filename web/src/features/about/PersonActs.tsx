import { Ban, UserRoundMinus, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useRelation } from "../../bindings/people.ts";
import type { User } from "../../model/user.ts";
import { Question } from "../../ui/Question.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { Act } from "./Act.tsx";

/** Keeping somebody, and keeping somebody away. */
export function PersonActs({ person }: { person: User }) {
  const words = useWords();
  const { settings } = useClient();
  const isContact = useRelation("contacts", person.id);
  const isBlocked = useRelation("blocked", person.id);
  const [isAsking, setIsAsking] = useState(false);
  const { blocked, contacts } = words.settings;
  const name = person.display_name;

  const act = async (work: Promise<unknown>, told: string) => {
    try {
      await work;
      showToast(told);
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };

  // Without an answer both are offered: the server knows what is so already.
  return (
    <div className="about-block">
      {isContact === "unknown" || isBlocked === "unknown" ? (
        <>
          <ActSkeleton />
          <ActSkeleton />
        </>
      ) : (
        <>
          {isContact === true ? (
            <Act
              icon={<UserRoundMinus />}
              onPress={() => void act(settings.removeContact(person.id), words.account.saved)}
            >
              {words.about.removeContact}
            </Act>
          ) : (
            <Act
              icon={<UserRoundPlus />}
              onPress={() =>
                void act(settings.addContact({ user_id: person.id }), contacts.added(name))
              }
            >
              {words.about.addContact}
            </Act>
          )}
          {isBlocked === true ? (
            <Act
              icon={<Ban />}
              onPress={() => void act(settings.unblock(person.id), blocked.unblockedNow(name))}
            >
              {words.about.unblock}
            </Act>
          ) : (
            <Act icon={<Ban />} danger onPress={() => setIsAsking(true)}>
              {words.about.block}
            </Act>
          )}
        </>
      )}
      {isAsking && (
        <Question
          title={blocked.question(name)}
          text={blocked.addText}
          act={blocked.block}
          onAct={() => settings.block(person.id)}
          onClose={() => setIsAsking(false)}
        />
      )}
    </div>
  );
}

function ActSkeleton() {
  return (
    <div className="about-act">
      <Skeleton shape="circle" width="1.375rem" height="1.375rem" />
      <Skeleton shape="line" width="9rem" height="0.8rem" />
    </div>
  );
}
