import "./call.css";
import "./call-crowd.css";
import "./call-controls.css";
import { Maximize2, Minimize2 } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { useCallWords } from "../../bindings/call_words.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { useElapsed_s } from "../../bindings/voice.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import { lengthText } from "../../model/sizes.ts";
import type { Call } from "../../model/voice.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { chatName, nameOf } from "../../words/names.ts";
import { CallControls } from "./CallControls.tsx";
import { CallNotes } from "./CallNotes.tsx";
import { PersonTile } from "./PersonTile.tsx";
import { Picture } from "./Picture.tsx";

/** So many are shown by large faces; more by a line each. */
const faces = 8;

/** The call, over the messages of the conversation that it is in. */
export function CallDock({ call, conversation }: { call: Call; conversation: OwnConversation }) {
  const voice = useCallWords();
  const [isLarge, setIsLarge] = useState(false);
  const mayModerate = conversation.kind !== "private" && conversation.role !== "member";
  const isCrowd = call.participants.length > faces;
  const screens = call.participants.filter(({ session }) => call.pictures[session]?.screen);
  return (
    <section className="call-dock" aria-label={voice.title} data-large={isLarge} data-sharing={screens.length > 0}>
      <header className="call-header">
        <CallTitle call={call} conversation={conversation} />
        <IconButton
          label={isLarge ? voice.reduce : voice.enlarge}
          icon={isLarge ? <Minimize2 /> : <Maximize2 />}
          aria-pressed={isLarge}
          onClick={() => setIsLarge(!isLarge)}
        />
      </header>
      <CallNotes call={call} conversation={conversation} />
      {screens.length > 0 && <Stage call={call} />}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- many have to be scrolled through, by keys as well */}
      <ul className="call-people" aria-label={voice.participants} data-many={isCrowd} tabIndex={isCrowd ? 0 : undefined}>
        {call.participants.map((participant) => (
          <PersonTile
            key={participant.session}
            call={call}
            participant={participant}
            mayModerate={mayModerate}
            isInCrowd={isCrowd}
          />
        ))}
      </ul>
      <CallControls call={call} />
    </section>
  );
}

/** The caller has as long as it rings for. */
const rings_for_s = 45;

function CallTitle({ call, conversation }: { call: Call; conversation: OwnConversation }) {
  const words = useWords();
  const voice = useCallWords();
  const elapsed_s = useElapsed_s(call.since_ms);
  const isAlone = call.participants.length < 2;
  const sentence = () => {
    if (call.status === "joining") return voice.joining;
    if (!isAlone) return lengthText(elapsed_s);
    if (conversation.kind !== "private") return voice.alone;
    return elapsed_s < rings_for_s ? voice.calling(chatName(conversation, words)) : voice.noAnswer;
  };
  return (
    <div className="call-title">
      <h2>{voice.title}</h2>
      <p>{sentence()}</p>
    </div>
  );
}

/** The screens that are shared, large enough to be read. */
function Stage({ call }: { call: Call }) {
  const words = useWords();
  const voice = useCallWords();
  const byId = useStore(useClient().stores.users, (state) => state.byId);
  return (
    <div className="call-stage">
      {call.participants.map(({ session, user_id }) => {
        const screen = call.pictures[session]?.screen;
        if (!screen) return null;
        const isMe = session === call.session;
        const label = isMe ? voice.yourScreen : voice.screenOf(nameOf(byId[user_id], words));
        return (
          <figure key={session} className="call-screen">
            <Picture stream={screen} label={label} />
            <figcaption>{label}</figcaption>
          </figure>
        );
      })}
    </div>
  );
}
