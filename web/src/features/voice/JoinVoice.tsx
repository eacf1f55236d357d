import { Headphones } from "lucide-react";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useCall } from "../../bindings/voice.ts";
import { IconButton } from "../../ui/IconButton.tsx";

/** Leads into the voice channel of a conversation; not shown to who is in it. */
export function JoinVoice({ conversationId }: { conversationId: string }) {
  const { voice } = useWords();
  const client = useClient();
  const call = useCall();
  if (call?.conversationId === conversationId) return null;
  return (
    <IconButton label={voice.join} icon={<Headphones />} onClick={() => void client.voice.join(conversationId)} />
  );
}
