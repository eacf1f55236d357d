import { ScrollText } from "lucide-react";
import { useCallback } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { usePages } from "../../bindings/pages.ts";
import type { AuditEntry } from "../../model/moderation.ts";
import { clockTime, dayLabel, fullTime } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { useNow } from "../../bindings/now.ts";
import type { Words } from "../../words/english.ts";
import { nameOf } from "../../words/names.ts";
import { AboutPage } from "./AboutPage.tsx";
import { Listed } from "./Listed.tsx";
import { slowModeText } from "./slow_mode.ts";

/** What was done here by those who look after it, the latest first. */
export function AuditPage({ conversationId, onBack }: { conversationId: string; onBack: () => void }) {
  const { words, locale } = useLanguage();
  const { about, deeds } = words.gathering;
  const { moderation } = useClient();
  const now = useNow();
  const ask = useCallback(
    (token?: string) => moderation.audit(conversationId, token),
    [moderation, conversationId],
  );
  const trail = usePages(ask);
  return (
    <AboutPage title={about.audit} onBack={onBack}>
      <Listed
        status={trail.status}
        isEmpty={trail.items.length === 0}
        empty={<EmptyState icon={<ScrollText />} title={about.auditEmpty} text={about.auditEmptyText} />}
        hasMore={trail.hasMore}
        onMore={trail.more}
      >
        <ol className="about-list" aria-label={about.audit}>
          {trail.items.map((entry) => {
            const { id, actor, target, act, inserted_at } = entry;
            const detail = detailOf(entry, words);
            return (
              <li key={id} className="about-row">
                <Avatar id={actor.id} name={actor.display_name} picture={actor.avatar} deleted={actor.is_deleted} />
                <span className="about-row-text">
                  <span>{deeds[act](nameOf(actor, words), nameOf(target ?? undefined, words))}</span>
                  {detail && <span className="about-row-quote">{detail}</span>}
                  <time className="about-row-soft" dateTime={inserted_at} title={fullTime(inserted_at, locale)}>
                    {dayLabel(inserted_at, now, locale)}, {clockTime(inserted_at, locale)}
                  </time>
                </span>
              </li>
            );
          })}
        </ol>
      </Listed>
    </AboutPage>
  );
}

/** What the deed came to, where that can be read. */
function detailOf({ act, detail }: AuditEntry, words: Words): string {
  if (act === "slow_mode_changed") return slowModeText(Number(detail["seconds"] ?? 0), words);
  if (act === "role_changed") {
    const role = detail["role"];
    return role === "admin" || role === "owner" || role === "member" ? words.gathering.roles[role] : "";
  }
  const told = ["alias", "name", "topic", "description", "reason"].map((name) => detail[name]);
  return told.filter((value) => value !== undefined && value !== "").join(" · ");
}
