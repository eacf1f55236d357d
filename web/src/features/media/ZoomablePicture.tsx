import { useEffect, useEffectEvent, useRef, useState, type PointerEvent } from "react";
import { useWords } from "../../bindings/language.tsx";
import type { ShownFile } from "../../bindings/sealed_files.ts";
import type { Attachment } from "../../model/message.ts";
import { Blur } from "../../ui/Blur.tsx";
import { moved, type Size, whole, type Zoom, zoomedAt } from "./zoom.ts";

type ZoomablePictureProps = {
  picture: Attachment;
  shown: ShownFile;
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
  onBefore: () => void;
  onAfter: () => void;
  onClose: () => void;
};

type Point = { readonly x: number; readonly y: number };

const swiped_px = 60;
const tapped_px = 6;

/** A picture that is enlarged by wheel, pinch or a double press, moved by dragging, and left by swiping. */
export function ZoomablePicture({ picture, shown, zoom, onZoom, onBefore, onAfter, onClose }: ZoomablePictureProps) {
  const words = useWords();
  const stage = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLImageElement>(null);
  const fingers = useRef(new Map<number, Point>());
  const start = useRef<Point>({ x: 0, y: 0 });
  const [swipe_px, setSwipe] = useState(0);
  const [drawn, setState] = useState<"loading" | "shown" | "failed">("loading");
  const state = shown.status === "failed" ? "failed" : drawn;

  const fromMiddle = ({ x, y }: Point): Point => {
    const box = stage.current?.getBoundingClientRect();
    return box ? { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 } : { x: 0, y: 0 };
  };
  const sizes = (): readonly [Size, Size] => {
    const { offsetWidth: width = 0, offsetHeight: height = 0 } = image.current ?? {};
    const { clientWidth = 0, clientHeight = 0 } = stage.current ?? {};
    return [
      { width, height },
      { width: clientWidth, height: clientHeight },
    ];
  };
  const put = (next: Zoom) => onZoom(next.scale === 1 ? whole : moved(next, { x: 0, y: 0 }, ...sizes()));

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    put(zoomedAt(zoom, Math.exp(-event.deltaY / 400), fromMiddle({ x: event.clientX, y: event.clientY })));
  });
  useEffect(() => {
    const listen = (event: WheelEvent) => onWheel(event);
    const area = stage.current;
    // React's own listener could not keep the page from scrolling.
    area?.addEventListener("wheel", listen, { passive: false });
    return () => area?.removeEventListener("wheel", listen);
  }, []);

  const onPointerDown = (event: PointerEvent) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = { x: event.clientX, y: event.clientY };
    fingers.current.set(event.pointerId, at);
    if (fingers.current.size === 1) start.current = at;
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const at = { x: event.clientX, y: event.clientY };
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, at);
    if (other) {
      const middle = fromMiddle({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
      put(zoomedAt(zoom, distance(at, other) / Math.max(1, distance(before, other)), middle));
    } else if (zoom.scale > 1) {
      onZoom(moved(zoom, { x: at.x - before.x, y: at.y - before.y }, ...sizes()));
    } else if (event.pointerType !== "mouse") {
      setSwipe(at.x - start.current.x);
    }
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!fingers.current.delete(event.pointerId) || fingers.current.size > 0) return;
    const at = { x: event.clientX, y: event.clientY };
    setSwipe(0);
    if (zoom.scale > 1) return;
    const aside_px = at.x - start.current.x;
    const down_px = at.y - start.current.y;
    if (event.pointerType !== "mouse" && Math.abs(aside_px) > swiped_px) (aside_px > 0 ? onBefore : onAfter)();
    else if (event.pointerType !== "mouse" && down_px > 2 * swiped_px) onClose();
    else if (distance(at, start.current) < tapped_px && event.target === stage.current) onClose();
  };

  return (
    <div
      ref={stage}
      className="viewer-picture"
      data-zoomed={zoom.scale > 1}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={(event) => {
        fingers.current.delete(event.pointerId);
        setSwipe(0);
      }}
      onDoubleClick={({ clientX: x, clientY: y }) =>
        put(zoom.scale > 1 ? whole : zoomedAt(whole, 2.5, fromMiddle({ x, y })))
      }
    >
      {state === "loading" && picture.blurhash && <Blur hash={picture.blurhash} className="viewer-blur" />}
      {state === "failed" ? (
        <p role="alert">{words.composing.media.failed}</p>
      ) : (
        <img
          ref={image}
          src={shown.url ?? undefined}
          alt={picture.name}
          draggable={false}
          width={picture.width ?? undefined}
          height={picture.height ?? undefined}
          style={{ transform: `translate(${zoom.x + swipe_px}px, ${zoom.y}px) scale(${zoom.scale})` }}
          onLoad={() => setState("shown")}
          onError={() => setState("failed")}
        />
      )}
    </div>
  );
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
