import "./invite.css";
import { Link2Off, TriangleAlert, Users } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import { Link } from "wouter";
import { useAction } from "../../bindings/action.ts";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { InvitePreview } from "../../model/invites.ts";
import { ApiError } from "../../protocol/errors.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { sentenceOf } from "../../words/refusals.ts";

type InvitePageProps = {
  token: string;
  /** Whoever is not in signs in or registers first, and comes back. */
  isIn: boolean;
  signInHref: string;
  registerHref: string;
  chatsHref: string;
  onJoined: (conversationId: string) => void;
};

/** Where the link of an invitation leads: what it is about, and the way in. */
export function InvitePage({ token, isIn, chatsHref, ...rest }: InvitePageProps) {
  const words = useWords();
  const { invite } = words.gathering;
  const { invites } = useClient();
  // Who is in or not sees the same, but whether they are a member.
  const ask = useCallback(() => invites.look(token), [invites, token]);
  const { answer, load } = useAnswer(ask);

  return (
    <main className="invite">
      <div className="invite-card">
        {answer.status === "loading" && <Outline />}
        {answer.status === "failed" &&
          (isGone(answer.error) ? (
            <EmptyState icon={<Link2Off />} title={invite.gone} text={invite.goneText}>
              <Link className="button button-accent" href={chatsHref}>
                {invite.toChats}
              </Link>
            </EmptyState>
          ) : (
            <EmptyState icon={<TriangleAlert />} title={invite.failed} text={sentenceOf(answer.error, words)}>
              <Button tone="accent" onClick={() => void load()}>
                {words.tryAgain}
              </Button>
            </EmptyState>
          ))}
        {answer.status === "ready" && <Preview preview={answer.value} token={token} isIn={isIn} {...rest} />}
      </div>
    </main>
  );
}

type PreviewProps = Omit<InvitePageProps, "chatsHref"> & { preview: InvitePreview };

function Preview({ preview, token, isIn, signInHref, registerHref, onJoined }: PreviewProps) {
  const words = useWords();
  const { invite } = words.gathering;
  const { invites } = useClient();
  const { action, run } = useAction();
  const { conversation, invited_by, is_member } = preview;
  const name = conversation.alias ?? invite.kind[conversation.kind];
  return (
    <>
      <Avatar id={token} name={name} picture={conversation.picture} size="huge" />
      <Title title={invite.title(name)} />
      <p className="invite-facts">
        {invite.kind[conversation.kind]} · <Users aria-hidden="true" />
        {words.thread.members(conversation.member_count)}
      </p>
      {conversation.description && <p className="invite-description">{conversation.description}</p>}
      <p className="invite-by">
        <Avatar id={invited_by.display_name} name={invited_by.display_name} picture={invited_by.avatar} size="small" />
        {is_member ? invite.member : invite.by(invited_by.display_name)}
      </p>
      {action.status === "refused" && (
        <p className="dialog-refusal" role="alert">
          {isGone(action.error) ? invite.goneText : sentenceOf(action.error, words)}
        </p>
      )}
      {isIn ? (
        <Button
          tone="accent"
          wide
          busy={action.status === "running"}
          onClick={() => void run(async () => onJoined(await invites.take(token)))}
        >
          {is_member ? invite.open : invite.join}
        </Button>
      ) : (
        <div className="invite-ways">
          <Link className="button button-accent button-wide" href={signInHref}>
            {invite.signIn}
          </Link>
          <Link className="button button-outline button-wide" href={registerHref}>
            {invite.create}
          </Link>
        </div>
      )}
    </>
  );
}

function Title({ title }: { title: string }) {
  const { appName } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${appName}`;
    heading.current?.focus();
    return () => {
      document.title = appName;
    };
  }, [title, appName]);
  return (
    <h1 className="invite-title" ref={heading} tabIndex={-1}>
      {title}
    </h1>
  );
}

function Outline() {
  const words = useWords();
  return (
    <div className="invite-outline" role="status" aria-label={words.loading}>
      <Skeleton shape="circle" width="7.5rem" height="7.5rem" />
      <Skeleton shape="line" width="14rem" height="1.25rem" />
      <Skeleton shape="line" width="9rem" height="0.8rem" />
    </div>
  );
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
