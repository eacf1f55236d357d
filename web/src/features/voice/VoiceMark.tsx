import "./voice-mark.css";
import { Headphones } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import { useVoiceCount } from "../../bindings/voice.ts";

/** How many are in the voice channel, in a row of the list; nothing where nobody is. */
export function VoiceMark({ conversationId }: { conversationId: string }) {
  const words = useWords();
  const count = useVoiceCount(conversationId);
  if (count === 0) return null;
  return (
    <span className="voice-mark" role="img" aria-label={words.voice.count(count)}>
      <Headphones aria-hidden="true" />
      {words.number(count)}
    </span>
  );
}
