import { Upload } from "lucide-react";
import { useEffect, useRef } from "react";
import { useWords } from "../../bindings/language.tsx";
import { useFiles } from "./useFiles.ts";

/** Lies over the thread while files are held over it. */
export function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { composing } = useWords();
  const mark = useRef<HTMLSpanElement>(null);
  const thread = useRef<HTMLElement>(null);
  useEffect(() => {
    thread.current = mark.current?.closest<HTMLElement>(".thread") ?? null;
  });
  const isOver = useFiles(thread, onFiles);
  return (
    <>
      <span ref={mark} hidden />
      {isOver && (
        <div className="drop-zone" role="status">
          <Upload aria-hidden="true" />
          {composing.dropHere}
        </div>
      )}
    </>
  );
}
