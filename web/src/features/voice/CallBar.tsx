import "./call-bar.css";
import { Mic, MicOff, PhoneOff } from "lucide-react";
import { useStore } from "zustand";
import { useCallWords } from "../../bindings/call_words.ts";
import { useClient, useConversation } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { ownPart, useElapsed_s } from "../../bindings/voice.ts";
import { lengthText } from "../../model/sizes.ts";
import { type Call, isSilent } from "../../model/voice.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { chatName, nameOf } from "../../words/names.ts";

type CallBarProps = {
  call: Call;
  /** To the conversation that the call is in. */
  onOpen: () => void;
};

/** The call while one looks at something else: who speaks, and what one needs at once. */
export function CallBar({ call, onOpen }: CallBarProps) {
  const words = useWords();
  const texts = useCallWords();
  const { voice, stores } = useClient();
  const conversation = useConversation(call.conversationId);
  const byId = useStore(stores.users, (state) => state.byId);
  const elapsed_s = useElapsed_s(call.since_ms);
  const speakers = call.participants.filter(
    (each) => each.speaking && !isSilent(each) && each.session !== call.session,
  );
  const said =
    speakers.length > 0
      ? speakers.map(({ user_id }) => nameOf(byId[user_id], words)).join(", ")
      : words.voice.count(call.participants.length);
  return (
    <section className="call-bar" aria-label={texts.title}>
      <IconButton
        label={call.muted ? texts.unmute : texts.mute}
        icon={call.muted ? <MicOff /> : <Mic />}
        disabled={ownPart(call)?.silenced === true || call.pushToTalk}
        onClick={() => voice.setMuted(!call.muted)}
      />
      <button type="button" className="call-bar-press" onClick={onOpen} title={texts.toCall}>
        <b>{conversation ? chatName(conversation, words) : texts.title}</b>
        <span>{call.status === "joining" ? texts.joining : `${said} · ${lengthText(elapsed_s)}`}</span>
      </button>
      <IconButton label={texts.leave} icon={<PhoneOff />} onClick={() => voice.leave()} />
    </section>
  );
}
