import { Mic, MicOff } from "lucide-react";
import { useEffect } from "react";
import { useCallWords } from "../../bindings/call_words.ts";
import { useClient } from "../../bindings/client.tsx";
import type { Call } from "../../model/voice.ts";
import { Button } from "../../ui/Button.tsx";

/** Where the space bar has a meaning of its own. */
const ownMeaning = "input, textarea, select, [contenteditable], [role=switch], [role=menu], [role=dialog]";

/** The button of push-to-talk, which the space bar stands for anywhere in the page. */
export function HoldToTalk({ call }: { call: Call }) {
  const words = useCallWords();
  const { voice } = useClient();

  useEffect(() => {
    const isMeant = ({ code, target }: KeyboardEvent) =>
      code === "Space" && !(target instanceof Element && target.closest(ownMeaning) !== null);
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isMeant(event)) return;
      // Nor does it press the button that happens to have the focus.
      event.preventDefault();
      if (!event.repeat) voice.setHeld(true);
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.code !== "Space") return;
      if (isMeant(event)) event.preventDefault();
      voice.setHeld(false);
    };
    // A key that is let go of elsewhere is not told here.
    const release = () => voice.setHeld(false);
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("keyup", onKeyUp);
    globalThis.addEventListener("blur", release);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("keyup", onKeyUp);
      globalThis.removeEventListener("blur", release);
      release();
    };
  }, [voice]);

  return (
    <Button
      className="call-hold"
      tone={call.muted ? "outline" : "accent"}
      aria-pressed={!call.muted}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        voice.setHeld(true);
      }}
      onPointerUp={() => voice.setHeld(false)}
      onPointerCancel={() => voice.setHeld(false)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {call.muted ? <MicOff /> : <Mic />}
      {words.hold}
    </Button>
  );
}
