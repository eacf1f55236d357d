import "./viewer.css";
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useUser } from "../../bindings/client.tsx";
import { useLanguage } from "../../bindings/language.tsx";
import { useOpened } from "../../bindings/sealed.ts";
import { useSaving, useShownFiles } from "../../bindings/sealed_files.ts";
import { closeMedia, viewMedia, type Viewed } from "../../bindings/viewer.ts";
import { momentText } from "../../model/times.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { useGallery } from "./useGallery.ts";
import { ZoomablePicture } from "./ZoomablePicture.tsx";
import { whole, zoomedAt } from "./zoom.ts";

/** A picture or a video over everything else, and from it to the next ones of the conversation. */
export function MediaViewer({ viewed }: { viewed: Viewed }) {
  const { words, locale } = useLanguage();
  const texts = words.composing.media;
  const { message: stored, attachment } = viewed;
  const message = useOpened(stored);
  const shown = useShownFiles(useMemo(() => [attachment], [attachment]))(attachment);
  const save = useSaving();
  const sender = useUser(message.sender);
  const name = nameOf(sender, words);
  const opener = useRef(document.activeElement);
  const [zoomed, setZoomed] = useState({ id: attachment.id, zoom: whole });
  const zoom = zoomed.id === attachment.id ? zoomed.zoom : whole;
  const setZoom = (next: typeof whole) => setZoomed({ id: attachment.id, zoom: next });
  const { items, place } = useGallery(viewed);
  const before = items[place - 1];
  const after = items[place + 1];

  useEffect(() => {
    // Those beside it are there at once.
    for (const near of [before, after]) {
      if (near?.attachment.kind === "image" && near.attachment.sealed === undefined) new Image().src = near.attachment.url;
    }
  }, [before, after]);

  const onKeyDown = (event: KeyboardEvent) => {
    const isTyped = event.target instanceof HTMLVideoElement;
    if (event.key === "ArrowLeft" && !isTyped) go(before);
    else if (event.key === "ArrowRight" && !isTyped) go(after);
    else if (event.key === "+" || event.key === "=") setZoom(zoomedAt(zoom, 1.5, { x: 0, y: 0 }));
    else if (event.key === "-") setZoom(zoomedAt(zoom, 1 / 1.5, { x: 0, y: 0 }));
    else if (event.key === "0") setZoom(whole);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeMedia()}>
      <Dialog.Portal>
        <Dialog.Content
          className="viewer"
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            // On the picture itself: its keys are all that is needed, and no button is pressed by mistake.
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
          }}
        >
          <Dialog.Title className="unseen">{texts.viewer}</Dialog.Title>
          <header className="viewer-bar">
            <Avatar id={message.sender} name={name} picture={sender?.avatar ?? null} />
            <div className="viewer-who">
              <b>{name}</b>
              <time dateTime={message.inserted_at}>{momentText(message.inserted_at, locale)}</time>
            </div>
            {items.length > 1 && (
              <span className="viewer-count" role="status">
                {texts.of(place + 1, items.length)}
              </span>
            )}
            {attachment.kind === "image" && (
              <IconButton
                label={zoom.scale > 1 ? texts.zoomOut : texts.zoomIn}
                icon={zoom.scale > 1 ? <ZoomOut /> : <ZoomIn />}
                onClick={() => setZoom(zoom.scale > 1 ? whole : zoomedAt(whole, 2, { x: 0, y: 0 }))}
              />
            )}
            <a
              className="icon-button icon-button-quiet"
              href={`${attachment.url}?download=1`}
              onClick={(event) => {
                if (attachment.sealed === undefined) return;
                event.preventDefault();
                void save(attachment).catch((error: unknown) => showToast(sentenceOf(error, words)));
              }}
              download={attachment.name}
              aria-label={texts.download}
              title={texts.download}
            >
              <Download />
            </a>
            <Dialog.Close className="icon-button icon-button-quiet" aria-label={words.close}>
              <X />
            </Dialog.Close>
          </header>
          <div className="viewer-stage">
            {attachment.kind === "image" ? (
              <ZoomablePicture
                key={attachment.id}
                picture={attachment}
                shown={shown}
                zoom={zoom}
                onZoom={setZoom}
                onBefore={() => go(before)}
                onAfter={() => go(after)}
                onClose={closeMedia}
              />
            ) : (
              // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send comes without captions
              <video key={attachment.id} className="viewer-video" src={shown.url ?? undefined} controls autoPlay playsInline aria-label={attachment.name} />
            )}
          </div>
          {before && (
            <button type="button" className="viewer-step" aria-label={texts.previous} onClick={() => go(before)}>
              <ChevronLeft />
            </button>
          )}
          {after && (
            <button type="button" className="viewer-step viewer-step-after" aria-label={texts.next} onClick={() => go(after)}>
              <ChevronRight />
            </button>
          )}
          {message.content && <p className="viewer-caption">{message.content}</p>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function go(next: Viewed | undefined): void {
  if (next) viewMedia(next.message, next.attachment);
}
