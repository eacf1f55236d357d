import { useEffect, useEffectEvent, useState, type RefObject } from "react";
import { filesIn } from "./outgoing.ts";

/**
 * Takes files that are dropped onto the thread or pasted while nothing else wants them; answers whether some are held
 * over the thread just now. Dropped beside it they do nothing, where the browser would leave the page for them.
 */
export function useFiles(place: RefObject<HTMLElement | null>, onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);

  const onDragOver = useEffectEvent((event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files") || isAsked()) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
    setIsOver(true);
  });
  const onDragLeave = useEffectEvent((event: DragEvent) => {
    const { currentTarget, relatedTarget } = event;
    if (currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
    setIsOver(false);
  });
  const onDrop = useEffectEvent((event: DragEvent) => {
    setIsOver(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0 || isAsked()) return;
    event.preventDefault();
    event.stopPropagation();
    onFiles(files);
  });
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const { target } = event;
    const isHere = target === document.body || (target instanceof Node && place.current?.contains(target));
    const files = filesIn(event.clipboardData);
    if (event.defaultPrevented || !isHere || files.length === 0 || isAsked()) return;
    event.preventDefault();
    onFiles(files);
  });

  useEffect(() => {
    const thread = place.current;
    if (!thread) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    thread.addEventListener("dragover", (event) => onDragOver(event), { signal });
    thread.addEventListener("dragleave", (event) => onDragLeave(event), { signal });
    thread.addEventListener("drop", (event) => onDrop(event), { signal });
    // After everybody who listens at the document.
    globalThis.addEventListener("paste", (event) => onPaste(event), { signal });
    globalThis.addEventListener("dragover", refuse, { signal });
    globalThis.addEventListener("drop", refuse, { signal });
    return () => stop.abort();
  }, [place]);
  return isOver;
}

function refuse(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

/** A dialog stands over the thread. */
function isAsked(): boolean {
  return document.querySelector("[role=dialog]") !== null;
}
