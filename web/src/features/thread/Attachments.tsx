import "./attachments.css";
import { type ShownFile, useShownFiles } from "../../bindings/sealed_files.ts";
import { viewMedia } from "../../bindings/viewer.ts";
import type { Message } from "../../model/message.ts";
import { Album, type Tile } from "./Album.tsx";
import { AudioRow } from "./AudioRow.tsx";
import { FileRow } from "./FileRow.tsx";

type AttachmentsProps = { message: Message };

const none: Message["attachments"] = [];

/** What hangs on a message: its pictures and videos as an album, then what is to be heard, then the other files. */
export function Attachments({ message }: AttachmentsProps) {
  const attachments = message.is_deleted ? none : message.attachments;
  const shownOf = useShownFiles(attachments);
  if (attachments.length === 0) return null;
  const tiles = attachments.flatMap((each): Tile[] =>
    each.kind === "image" || each.kind === "video"
      ? [
          {
            key: each.id,
            kind: each.kind,
            name: each.name,
            ...addressOf(each, shownOf(each)),
            poster: each.thumbnail_url,
            width: each.width,
            height: each.height,
            blurhash: each.blurhash,
            ...(shownOf(each).status === "shown" && { onOpen: () => viewMedia(message, each) }),
          },
        ]
      : [],
  );
  return (
    <>
      {tiles.length > 0 && <Album tiles={tiles} />}
      {attachments.map((each) => each.kind === "audio" && <AudioRow key={each.id} audio={each} shown={shownOf(each)} />)}
      {attachments.map((each) => each.kind === "file" && <FileRow key={each.id} file={each} />)}
    </>
  );
}

function addressOf(attachment: Message["attachments"][number], { status, url }: ShownFile): Pick<Tile, "address" | "failed"> {
  const isSmall = attachment.kind === "image" && attachment.sealed === undefined;
  return { address: isSmall ? shownSmall(attachment) : url, failed: status === "failed" };
}

// What moves stands still in its small picture.
function shownSmall({ media_type, url, thumbnail_url }: Message["attachments"][number]): string {
  return media_type === "image/gif" || thumbnail_url === null ? url : thumbnail_url;
}
