import { ShieldCheck } from "lucide-react";
import { useCallback } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import { usePages } from "../../bindings/pages.ts";
import type { Ban } from "../../model/moderation.ts";
import { chatTime } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { AboutPage } from "./AboutPage.tsx";
import { Listed } from "./Listed.tsx";

/** Who is kept out, and how to let them back. */
export function BansPage({ conversationId, onBack }: { conversationId: string; onBack: () => void }) {
  const { words, locale } = useLanguage();
  const { about } = words.gathering;
  const { moderation } = useClient();
  const now = useNow();
  const ask = useCallback(
    (token?: string) => moderation.bans(conversationId, token),
    [moderation, conversationId],
  );
  const bans = usePages(ask);

  const lift = async ({ user }: Ban) => {
    try {
      await moderation.unban(conversationId, user.id);
      bans.drop((ban) => ban.user.id === user.id);
      showToast(about.unbanned(nameOf(user, words)));
    } catch (error) {
      showToast(sentenceOf(error, words));
    }
  };
  return (
    <AboutPage title={about.bans} onBack={onBack}>
      <Listed
        status={bans.status}
        isEmpty={bans.items.length === 0}
        empty={<EmptyState icon={<ShieldCheck />} title={about.bansEmpty} text={about.bansEmptyText} />}
        hasMore={bans.hasMore}
        onMore={bans.more}
      >
        <ul className="about-list" role="list" aria-label={about.bans}>
          {bans.items.map((ban) => (
            <li key={ban.user.id} className="about-row" aria-label={nameOf(ban.user, words)}>
              <Avatar
                id={ban.user.id}
                name={ban.user.display_name}
                picture={ban.user.avatar}
                deleted={ban.user.is_deleted}
              />
              <span className="about-row-text">
                <span className="member-name">{nameOf(ban.user, words)}</span>
                {ban.reason && <span className="about-row-quote">{ban.reason}</span>}
                <span className="about-row-soft">
                  {about.bannedBy(nameOf(ban.banned_by, words), chatTime(ban.inserted_at, now, locale))}
                </span>
              </span>
              <Button onClick={() => void lift(ban)}>{about.unban}</Button>
            </li>
          ))}
        </ul>
      </Listed>
    </AboutPage>
  );
}
