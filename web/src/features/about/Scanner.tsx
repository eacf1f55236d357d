import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Comparison } from "../../model/encryption.ts";
import { Button } from "../../ui/Button.tsx";
import { scan } from "./scanning.ts";

type ScannerProps = {
  userId: string;
  name: string;
  onSame: () => void;
  onDifferent: () => void;
  onClose: () => void;
};

/** The camera, held before the other person's code. */
export function Scanner({ userId, name, onSame, onDifferent, onClose }: ScannerProps) {
  const words = useWords();
  const { encryption } = useClient();
  const texts = words.encryption.safety;
  const view = useRef<HTMLVideoElement>(null);
  const [seen, setSeen] = useState<Exclude<Comparison, "same" | "different"> | "noCamera" | null>(null);

  const onText = useEffectEvent(async (text: string, signal: AbortSignal) => {
    const comparison = await encryption.compare(userId, text);
    if (signal.aborted) return;
    if (comparison === "same") onSame();
    else if (comparison === "different") onDifferent();
    else setSeen(comparison);
  });
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    if (view.current) {
      scan(view.current, (text) => void onText(text, signal), signal).catch(
        () => signal.aborted || setSeen("noCamera"),
      );
    }
    return () => leaving.abort();
  }, []);

  const sentences = {
    somebody_else: texts.somebodyElse(name),
    unsupported: texts.newer,
    unreadable: texts.unreadable,
    noCamera: texts.noCamera,
  };
  return (
    <div className="safety-scanner">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- what the camera sees says nothing */}
      <video ref={view} muted playsInline aria-label={texts.scan} hidden={seen === "noCamera"} />
      <p role="status">{seen === null ? texts.scanText(name) : sentences[seen]}</p>
      <Button onClick={onClose}>{texts.stopScan}</Button>
    </div>
  );
}
