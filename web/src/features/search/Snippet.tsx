import { plainPieces, type Piece } from "../../model/search.ts";

/** A found text with what was looked for marked in it. */
export function Snippet({ pieces }: { pieces: readonly Piece[] }) {
  return plainPieces(pieces).map(({ text, hit }, index) =>
    hit ? (
      // oxlint-disable-next-line react/no-array-index-key -- the pieces of a text have nothing else
      <mark key={index} className="found-hit">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
