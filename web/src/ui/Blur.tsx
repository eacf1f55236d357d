import { useEffect, useRef } from "react";
import { blurhashPixels } from "../model/blurhash.ts";

const side_px = 32;

/** What stands in the place of a picture until it has come. */
export function Blur({ hash, className }: { hash: string; className: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = blurhashPixels(hash, side_px, side_px);
    if (pixels) canvas.current?.getContext("2d")?.putImageData(new ImageData(pixels, side_px), 0, 0);
  }, [hash]);
  return <canvas ref={canvas} className={className} width={side_px} height={side_px} aria-hidden="true" />;
}
