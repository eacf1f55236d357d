import { CloudOff, LockKeyhole, LockOpen, MicOff, ShieldAlert, Unplug, VolumeX } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import { useCallWords } from "../../bindings/call_words.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import { ownPart } from "../../bindings/voice.ts";
import type { OwnConversation } from "../../model/conversation.ts";
import type { Call } from "../../model/voice.ts";
import { nameOf } from "../../words/names.ts";

/** What somebody in the call has to know: that they are not heard, that somebody else is not, or who could listen. */
export function CallNotes({ call, conversation }: { call: Call; conversation: OwnConversation }) {
  const words = useWords();
  const voice = useCallWords();
  const byId = useStore(useClient().stores.users, (state) => state.byId);
  const others = call.participants.filter(({ session }) => session !== call.session);
  const isHeardByServer = call.status !== "joining" && !call.endToEnd;
  const isForwarded = call.route === "sfu";
  return (
    <div className="call-notes" role="status">
      {call.status === "away" && <Note icon={<CloudOff />}>{voice.away}</Note>}
      {call.microphone === "denied" && <Note icon={<MicOff />}>{voice.microphoneDenied}</Note>}
      {call.microphone === "missing" && <Note icon={<MicOff />}>{voice.microphoneMissing}</Note>}
      {ownPart(call)?.silenced === true && <Note icon={<VolumeX />}>{voice.silencedYou}</Note>}
      {isHeardByServer && (
        <Note icon={<LockOpen />} isGrave={conversation.encrypted}>
          {isForwarded ? voice.forwarded : voice.heardByServer}
        </Note>
      )}
      {isForwarded && others.some(({ session }) => call.links[session]?.status === "unreachable") && (
        <Note icon={<Unplug />}>{voice.forwardingUnreachable}</Note>
      )}
      {others.map(({ session, user_id }) => {
        const link = call.links[session];
        const name = nameOf(byId[user_id], words);
        if (link?.status === "unproven") {
          return (
            <Note key={session} icon={<ShieldAlert />} isGrave>
              {voice.unproven(name, link.because)}
            </Note>
          );
        }
        if (link?.status !== "unreachable" || isForwarded) return null;
        return (
          <Note key={session} icon={<Unplug />}>
            {voice.unreachable(name)}
          </Note>
        );
      })}
      {conversation.encrypted && call.endToEnd && call.status !== "joining" && (
        <p className="call-sealed">
          <LockKeyhole aria-hidden="true" />
          {voice.encrypted}
        </p>
      )}
    </div>
  );
}

function Note({ icon, isGrave = false, children }: { icon: ReactNode; isGrave?: boolean; children: string }) {
  return (
    <p className="call-note" data-grave={isGrave}>
      {icon}
      <span>{children}</span>
    </p>
  );
}
