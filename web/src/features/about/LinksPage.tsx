import { Copy, Link2, QrCode as QrIcon, Trash2 } from "lucide-react";
import { lazy, Suspense, useCallback, useState } from "react";
import { useAction } from "../../bindings/action.ts";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useCopying } from "../../bindings/copying.ts";
import { useLanguage, useWords } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import type { Invite } from "../../model/invites.ts";
import { chatTime } from "../../model/times.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Question } from "../../ui/Question.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { AboutPage } from "./AboutPage.tsx";
import { Listed } from "./Listed.tsx";
import { NewLink } from "./NewLink.tsx";

const QrCode = lazy(async () => ({ default: (await import("../../ui/QrCode.tsx")).QrCode }));

/** The links by which people come in: made, handed out, and taken back. */
export function LinksPage({ conversationId, onBack }: { conversationId: string; onBack: () => void }) {
  const words = useWords();
  const { links } = words.gathering;
  const { invites } = useClient();
  const ask = useCallback(() => invites.links(conversationId), [invites, conversationId]);
  const { answer, load, put } = useAnswer(ask);
  const { action, run } = useAction();
  const [shown, setShown] = useState<Invite | null>(null);
  const [revoking, setRevoking] = useState<Invite | null>(null);
  const items = answer.status === "ready" ? answer.value : [];

  return (
    <AboutPage title={links.title} onBack={onBack}>
      <div className="about-block about-block-first">
        <p className="about-lead">{links.lead}</p>
        <NewLink
          busy={action.status === "running"}
          error={action.status === "refused" ? sentenceOf(action.error, words) : undefined}
          onCreate={(terms) => void run(async () => put([await invites.link(conversationId, terms), ...items]))}
        />
      </div>
      <div className="about-block">
        <Listed
          status={answer.status}
          isEmpty={items.length === 0}
          empty={<p className="about-nothing">{links.empty}</p>}
          hasMore={false}
          onMore={() => void load()}
        >
          <ul role="list" aria-label={links.title}>
            {items.map((invite) => (
              <LinkRow
                key={invite.id}
                invite={invite}
                onShow={() => setShown(invite)}
                onRevoke={() => setRevoking(invite)}
              />
            ))}
          </ul>
        </Listed>
      </div>
      {shown && (
        <Dialog
          title={links.qr}
          text={links.qrText}
          closeLabel={words.close}
          onClose={() => setShown(null)}
          footer={<Button onClick={() => setShown(null)}>{words.close}</Button>}
        >
          <div className="about-qr">
            <Suspense>
              <QrCode text={shown.url} label={links.qrOf} />
            </Suspense>
            <p className="about-link-url">{shown.url}</p>
          </div>
        </Dialog>
      )}
      {revoking && (
        <Question
          title={links.revokeTitle}
          text={links.revokeText}
          act={links.revoke}
          onClose={() => setRevoking(null)}
          onAct={async () => {
            await invites.revoke(conversationId, revoking.id);
            put(items.filter((each) => each.id !== revoking.id));
            showToast(links.revoked);
          }}
        />
      )}
    </AboutPage>
  );
}

type LinkRowProps = { invite: Invite; onShow: () => void; onRevoke: () => void };

function LinkRow({ invite, onShow, onRevoke }: LinkRowProps) {
  const { words, locale } = useLanguage();
  const { links } = words.gathering;
  const now = useNow();
  const copy = useCopying(links.copied);
  const until = invite.expires_at ? links.until(chatTime(invite.expires_at, now, locale)) : links.forEver;
  return (
    <li className="about-link">
      <span className="about-link-icon" aria-hidden="true">
        <Link2 />
      </span>
      <span className="about-row-text">
        <span className="about-link-url">{invite.url}</span>
        <span className="about-row-soft">
          {links.used(invite.uses, invite.max_uses)} · {until}
        </span>
        <span className="about-row-soft">{links.madeBy(nameOf(invite.created_by, words))}</span>
      </span>
      <span className="about-link-acts">
        <IconButton label={links.copy} icon={<Copy />} onClick={() => void copy(invite.url)} />
        <IconButton label={links.qr} icon={<QrIcon />} onClick={onShow} />
        <IconButton label={links.revoke} icon={<Trash2 />} onClick={onRevoke} />
      </span>
    </li>
  );
}
