import { useLayoutEffect, type RefObject } from "react";
import type { Change } from "./formatting.ts";

/** The field as a place to write in: as high as its lines, and changed so that the browser can take it back. */
export function useWriting(field: RefObject<HTMLTextAreaElement | null>) {
  useLayoutEffect(() => {
    if (field.current) fitToLines(field.current);
  });

  const apply = ({ from, to, text, start, end }: Change) => {
    const area = field.current;
    if (!area) return;
    area.focus();
    area.setSelectionRange(from, to);
    // The one way of writing that Ctrl+Z knows of.
    const isWritten = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (!isWritten) {
      area.setRangeText(text, from, to);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(start, end);
  };
  const insert = (text: string) => {
    const area = field.current;
    if (!area) return;
    const { selectionStart: from, selectionEnd: to } = area;
    const caret = from + text.length;
    apply({ from, to, text, start: caret, end: caret });
  };
  return { apply, insert };
}

/** As high as its lines, up to the limit that the style sheet sets. */
function fitToLines(area: HTMLTextAreaElement): void {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}

export function focusAtEnd(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}
