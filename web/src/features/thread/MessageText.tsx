import { Fragment, memo } from "react";
import { splitLinks } from "./links.ts";

/** What somebody wrote, as they wrote it, with its addresses to follow. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  return splitLinks(text).map((piece) =>
    piece.type === "link" ? (
      <a key={piece.at} href={piece.href} target="_blank" rel="noopener noreferrer">
        {piece.text}
      </a>
    ) : (
      <Fragment key={piece.at}>{piece.text}</Fragment>
    ),
  );
});
