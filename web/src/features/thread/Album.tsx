import { clsx } from "clsx";
import { ImageOff, Play } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";
import { albumRows, loneRatio } from "../../model/album.ts";
import { Blur } from "../../ui/Blur.tsx";
import { Spinner } from "../../ui/Spinner.tsx";

export type Tile = {
  key: string;
  kind: "image" | "video";
  name: string;
  /** Null while its content is being opened, or where that failed. */
  address: string | null;
  failed?: boolean;
  poster: string | null;
  /** In pixels, where they are known. */
  width: number | null;
  height: number | null;
  blurhash: string | null;
  /** Absent while it cannot be opened. */
  onOpen?: () => void;
  /** Laid over it: how far it has come. */
  over?: ReactNode;
};

/** As high as a picture by itself may be, in rem. */
const highest = 25;
const widest = 27;
const least = 12;

/** Pictures and videos of one message. Their place is reserved before they come, so that nothing jumps. */
export function Album({ tiles }: { tiles: readonly Tile[] }) {
  const [lone] = tiles;
  if (lone && tiles.length === 1) {
    const ratio = loneRatio(ratioOf(lone));
    const natural = lone.width === null ? widest : Math.max(least, lone.width / 16);
    return (
      <div className="album" style={{ width: `${Math.min(widest, highest * ratio, natural)}rem` }}>
        <div className="album-row" style={{ aspectRatio: ratio }}>
          <TileView tile={lone} share={1} isLone />
        </div>
      </div>
    );
  }
  return (
    <div className="album" style={{ width: `${widest}rem` }}>
      {albumRows(tiles.map(ratioOf)).map((row) => (
        <div key={tiles[row.tiles[0]?.index ?? 0]?.key} className="album-row" style={{ aspectRatio: row.ratio }}>
          {row.tiles.map(({ index, ratio }) => {
            const tile = tiles[index];
            return tile && <TileView key={tile.key} tile={tile} share={ratio} isLone={false} />;
          })}
        </div>
      ))}
    </div>
  );
}

function TileView({ tile, share, isLone }: { tile: Tile; share: number; isLone: boolean }) {
  const words = useWords();
  const [drawn, setState] = useState<"loading" | "shown" | "failed">("loading");
  const state = tile.failed ? "failed" : tile.address === null ? "loading" : drawn;
  const isPlayer = isLone && tile.kind === "video" && tile.onOpen !== undefined;
  const view = (
    <>
      {tile.blurhash && state !== "shown" && <Blur hash={tile.blurhash} className="tile-blur" />}
      {state === "failed" && (
        <span className="tile-failed" title={words.composing.media.failed}>
          <ImageOff />
        </span>
      )}
      {tile.kind === "image" && tile.address !== null && state !== "failed" && (
        <img
          className={clsx("tile-media", state === "loading" && tile.blurhash && "tile-coming")}
          src={tile.address}
          alt={tile.name}
          draggable={false}
          decoding="async"
          onLoad={() => setState("shown")}
          onError={() => setState("failed")}
        />
      )}
      {tile.kind === "video" && tile.address !== null && (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send comes without captions
        <video
          className="tile-media"
          src={isPlayer ? tile.address : `${tile.address}#t=0.1`}
          preload="metadata"
          playsInline
          muted={!isPlayer}
          controls={isPlayer}
          aria-label={tile.name}
          onLoadedMetadata={() => setState("shown")}
          {...(tile.poster === null ? {} : { poster: tile.poster })}
        />
      )}
      {tile.address === null && state === "loading" && !tile.over && (
        <span className="tile-opening" role="status" aria-label={words.loading}>
          <Spinner />
        </span>
      )}
      {tile.kind === "video" && tile.address !== null && !isPlayer && !tile.over && (
        <span className="tile-play" aria-hidden="true">
          <Play />
        </span>
      )}
      {tile.over}
    </>
  );
  if (isPlayer || !tile.onOpen) {
    return (
      <div className="tile" style={{ flexGrow: share }} title={tile.name}>
        {view}
      </div>
    );
  }
  return (
    <button
      type="button"
      className="tile"
      style={{ flexGrow: share }}
      title={tile.name}
      aria-label={words.composing.media.open(tile.name)}
      onClick={tile.onOpen}
    >
      {view}
    </button>
  );
}

function ratioOf({ width, height, kind }: Tile): number {
  if (width && height) return width / height;
  return kind === "video" ? 16 / 9 : 1;
}
