/** Files of encrypted chats while they are looked at: fetched and opened in the page, let go of when nobody looks any more. */

import { useEffect, useState } from "react";
import type { OpenedFile } from "../client/encryption.ts";
import type { Attachment } from "../model/message.ts";
import { useClient } from "./client.tsx";

/** `url`: where the content can be shown from; null while it is being opened, and where that failed. */
export interface ShownFile {
  readonly status: "opening" | "shown" | "failed";
  readonly url: string | null;
}

const opening: ShownFile = { status: "opening", url: null };
const failed: ShownFile = { status: "failed", url: null };

/** What of each attachment can be shown. Those that are not sealed are shown as they are; files are only opened to be saved. */
export function useShownFiles(attachments: readonly Attachment[]): (attachment: Attachment) => ShownFile {
  const client = useClient();
  const [files, setFiles] = useState<ReadonlyMap<string, ShownFile>>(new Map());

  useEffect(() => {
    const sealed = attachments.filter(({ sealed: seal, kind }) => seal !== undefined && kind !== "file");
    if (sealed.length === 0) return undefined;
    const leaving = new AbortController();
    const opened: OpenedFile[] = [];
    const put = (id: string, file: ShownFile) => setFiles((before) => new Map(before).set(id, file));
    const open = async (attachment: Attachment) => {
      try {
        const file = await client.encryption.openFile(attachment, leaving.signal);
        if (leaving.signal.aborted) {
          file.release();
          return;
        }
        opened.push(file);
        put(attachment.id, { status: "shown", url: file.url });
      } catch {
        if (!leaving.signal.aborted) put(attachment.id, failed);
      }
    };
    for (const attachment of sealed) void open(attachment);
    return () => {
      leaving.abort();
      for (const file of opened) file.release();
      setFiles(new Map());
    };
  }, [client, attachments]);

  return (attachment) =>
    attachment.sealed === undefined ? { status: "shown", url: attachment.url } : (files.get(attachment.id) ?? opening);
}

/** Saves a sealed file under its name, as a link does with an open one. */
export function useSaving() {
  const client = useClient();
  return async (attachment: Attachment) => {
    const file = await client.encryption.openFile(attachment);
    const link = document.createElement("a");
    link.href = file.url;
    link.download = attachment.name;
    link.click();
    // The browser reads what it saves a little later.
    setTimeout(() => file.release(), released_ms);
  };
}

const released_ms = 60_000;
