import "./shared-media.css";
import { Download, File, FileText, Image, Link2, Music, Video } from "lucide-react";
import { useCallback, useMemo, type ReactNode } from "react";
import { useStore } from "zustand";
import { useClient } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useNow } from "../../bindings/now.ts";
import { usePages } from "../../bindings/pages.ts";
import { useAllOpened } from "../../bindings/sealed.ts";
import { useSaving, useShownFiles } from "../../bindings/sealed_files.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { hostOf, linksIn, type MediaKind } from "../../model/media.ts";
import type { Attachment, Message } from "../../model/message.ts";
import { isReadable, type ShownMessage } from "../../model/opening.ts";
import { lengthText, sizeText } from "../../model/sizes.ts";
import { chatTime } from "../../model/times.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { More } from "../../ui/More.tsx";
import { showToast } from "../../ui/toasts.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { Listed } from "./Listed.tsx";

export type OnView = (message: Message, attachment: Attachment) => void;

type SharedMediaProps = { conversation: OwnConversation; kind: MediaKind; onView: OnView };

const none: readonly Message[] = [];

const icons: Readonly<Record<MediaKind, ReactNode>> = {
  image: <Image />,
  video: <Video />,
  file: <FileText />,
  audio: <Music />,
  link: <Link2 />,
};

/** Everything of one kind that was shared in a chat, the latest first. */
export function SharedMedia(props: SharedMediaProps) {
  return props.conversation.encrypted ? <SealedMedia {...props} /> : <OpenMedia {...props} />;
}

function OpenMedia({ conversation: { id }, kind, onView }: SharedMediaProps) {
  const client = useClient();
  const ask = useCallback((token?: string) => client.media(id, kind, token), [client, id, kind]);
  const { items, ...listing } = usePages(ask);
  return <Media items={items} listing={listing} kind={kind} onView={onView} />;
}

/** The server cannot tell what was shared here; this page can, of what it has opened. */
function SealedMedia({ conversation: { id }, kind, onView }: SharedMediaProps) {
  const client = useClient();
  const thread = useStore(client.stores.threads, ({ byConversation }) => byConversation[id]);
  const opened = useAllOpened(thread?.status === "open" ? thread.messages : none);
  const items = useMemo(() => opened.filter((message) => isShared(message, kind)).toReversed(), [opened, kind]);
  const older = thread?.status === "open" ? thread.older.status : "start";
  const listing = {
    status: older === "loading" || older === "failed" ? older : ("ready" as const),
    hasMore: older !== "start",
    more: () => void client.loadOlder(id),
  };
  return <Media items={items} listing={listing} kind={kind} onView={onView} />;
}

function isShared(message: ShownMessage, kind: MediaKind): boolean {
  if (message.is_deleted || !isReadable(message)) return false;
  if (kind === "link") return linksIn(message.content).length > 0;
  return message.attachments.some((attachment) => attachment.kind === kind);
}

type MediaProps = {
  items: readonly Message[];
  listing: { status: "loading" | "failed" | "ready"; hasMore: boolean; more: () => void };
  kind: MediaKind;
  onView: OnView;
};

function Media({ items, listing, kind, onView }: MediaProps) {
  const { words } = useLanguage();
  const { media } = words.gathering;
  return (
    <Listed
      status={listing.status}
      isEmpty={items.length === 0}
      empty={
        <>
          <EmptyState icon={icons[kind]} title={media.empty[kind]} text={media.emptyText} />
          {listing.hasMore && <More label={words.gathering.about.loadMore} busy={false} onMore={listing.more} />}
        </>
      }
      hasMore={listing.hasMore}
      onMore={listing.more}
    >
      {kind === "image" || kind === "video" ? (
        <Grid messages={items} kind={kind} onView={onView} />
      ) : (
        <ul className="about-list" role="list" aria-label={media[kind]}>
          {kind === "link"
            ? items.map((message) => <LinkRows key={message.id} message={message} />)
            : carried(items, kind).map(([message, attachment]) => (
                <FileRow key={attachment.id} message={message} attachment={attachment} />
              ))}
        </ul>
      )}
    </Listed>
  );
}

type GridProps = { messages: readonly Message[]; kind: "image" | "video"; onView: OnView };

function Grid({ messages, kind, onView }: GridProps) {
  const { words } = useLanguage();
  const { media } = words.gathering;
  return (
    <ul className="about-grid" role="list" aria-label={media[kind]}>
      {carried(messages, kind).map(([message, attachment]) => (
        <li key={attachment.id}>
          <button
            type="button"
            className="about-thumb"
            aria-label={media.show(attachment.name)}
            onClick={() => onView(message, attachment)}
          >
            <Thumb attachment={attachment} />
            {kind === "video" && attachment.duration_ms !== null && (
              <span className="about-thumb-length">{lengthText(attachment.duration_ms / 1000)}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Thumb({ attachment }: { attachment: Attachment }) {
  const shown = useShownFiles(useMemo(() => [attachment], [attachment]))(attachment);
  const isPicture = attachment.sealed !== undefined && attachment.kind === "image";
  const address = isPicture ? shown.url : attachment.thumbnail_url;
  return address === null ? icons[attachment.kind] : <img src={address} alt="" loading="lazy" draggable={false} />;
}

function FileRow({ message, attachment }: { message: Message; attachment: Attachment }) {
  const { words, locale } = useLanguage();
  const save = useSaving();
  const now = useNow();
  const { name, kind, size, duration_ms, url } = attachment;
  const length = duration_ms === null ? "" : `${lengthText(duration_ms / 1000)} · `;
  return (
    <li aria-label={name}>
      <a
        className="about-entry"
        href={`${url}?download=1`}
        download={name}
        onClick={(event) => {
          if (attachment.sealed === undefined) return;
          event.preventDefault();
          void save(attachment).catch((error: unknown) => showToast(sentenceOf(error, words)));
        }}
      >
        <span className="about-file-icon" aria-hidden="true">
          {kind === "audio" ? <Music /> : <File />}
        </span>
        <span className="about-row-text">
          <span className="member-name">{name}</span>
          <span className="about-row-soft">
            {length}
            {sizeText(size, locale)} · {chatTime(message.inserted_at, now, locale)}
          </span>
        </span>
        <Download aria-hidden="true" />
      </a>
    </li>
  );
}

function LinkRows({ message }: { message: Message }) {
  const { locale } = useLanguage();
  const now = useNow();
  return linksIn(message.content).map((address) => {
    const preview = message.previews.find((each) => each.url === address);
    return (
      <li key={address}>
        <a className="about-entry" href={address} target="_blank" rel="noopener noreferrer">
          <span className="about-file-icon" aria-hidden="true">
            {[...hostOf(address)][0]?.toLocaleUpperCase()}
          </span>
          <span className="about-row-text">
            <span className="member-name">{preview?.title ?? hostOf(address)}</span>
            <span className="about-link-url">{address}</span>
          </span>
          <span className="about-row-soft">{chatTime(message.inserted_at, now, locale)}</span>
        </a>
      </li>
    );
  });
}

function carried(messages: readonly Message[], kind: MediaKind): readonly (readonly [Message, Attachment])[] {
  return messages.flatMap((message) =>
    message.attachments
      .filter((attachment) => attachment.kind === kind)
      .map((attachment) => [message, attachment] as const),
  );
}
