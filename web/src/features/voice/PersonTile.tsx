import { Ellipsis, HeadphoneOff, MicOff, ScreenShare, ShieldAlert, UserMinus, Volume2, VolumeX } from "lucide-react";
import { clsx } from "clsx";
import { useCallWords } from "../../bindings/call_words.ts";
import { useClient, useUser } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Call, Participant } from "../../model/voice.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu, MenuItem } from "../../ui/Menu.tsx";
import { showToast } from "../../ui/toasts.ts";
import { nameOf } from "../../words/names.ts";
import { sentenceOf } from "../../words/refusals.ts";
import { Picture } from "./Picture.tsx";
import { Quality } from "./Quality.tsx";
import { stateWords } from "./state_words.ts";

type PersonTileProps = {
  call: Call;
  participant: Participant;
  /** Whether the reader looks after the conversation. */
  mayModerate: boolean;
  /** One of many, in a line of the list. */
  isInCrowd: boolean;
};

/** One participant: who, whether they speak, and how it stands with them. */
export function PersonTile({ call, participant, mayModerate, isInCrowd }: PersonTileProps) {
  const words = useWords();
  const voice = useCallWords();
  const { session, user_id: userId } = participant;
  const user = useUser(userId);
  const isMe = session === call.session;
  const name = nameOf(user, words);
  const link = isMe ? undefined : (call.links[session] ?? { status: "connecting" as const });
  const camera = call.pictures[session]?.camera ?? null;
  const state = stateWords(participant, link, voice);
  const isSpeaking = participant.speaking && !participant.muted && !participant.silenced;
  return (
    <li
      className={clsx("call-person", isSpeaking && "call-person-speaking", camera && "call-person-seen")}
      aria-label={[name, ...(isMe ? [voice.state.you] : []), ...state].join(", ")}
      data-link={link?.status ?? "self"}
    >
      <span className="call-face">
        {camera ? (
          <Picture stream={camera} label={voice.cameraOf(name)} isMirrored={isMe} />
        ) : (
          <Avatar
            id={userId}
            name={name}
            picture={user?.avatar ?? null}
            size={isInCrowd ? "small" : "large"}
            deleted={user?.is_deleted ?? false}
          />
        )}
        <StateMark participant={participant} isUnproven={link?.status === "unproven"} />
      </span>
      <span className="call-person-name" aria-hidden="true">
        <span>{isMe ? words.you : name}</span>
        {link?.status === "connected" && link.quality !== null && (
          <Quality quality={link.quality} words={voice.quality[link.quality]} />
        )}
      </span>
      {link !== undefined && link.status !== "connected" && (
        <span className="call-person-note" aria-hidden="true">
          {voice.state[link.status]}
        </span>
      )}
      {mayModerate && !isMe && <PersonActs participant={participant} name={name} />}
    </li>
  );
}

function StateMark({ participant, isUnproven }: { participant: Participant; isUnproven: boolean }) {
  const { deafened, muted, silenced, sharing } = participant;
  if (isUnproven) return <ShieldAlert className="call-mark call-mark-off" aria-hidden="true" />;
  if (deafened) return <HeadphoneOff className="call-mark call-mark-off" aria-hidden="true" />;
  if (muted || silenced) return <MicOff className="call-mark call-mark-off" aria-hidden="true" />;
  return sharing ? <ScreenShare className="call-mark" aria-hidden="true" /> : null;
}

/** What whoever looks after the conversation can do about somebody. */
function PersonActs({ participant, name }: { participant: Participant; name: string }) {
  const words = useWords();
  const voice = useCallWords();
  const client = useClient();
  const { user_id: userId, silenced } = participant;
  const tryTo = (act: Promise<void>) => void act.catch((error: unknown) => showToast(sentenceOf(error, words)));
  return (
    <Menu trigger={<IconButton className="call-person-acts" label={voice.actions(name)} icon={<Ellipsis />} />}>
      <MenuItem
        icon={silenced ? <Volume2 /> : <VolumeX />}
        onSelect={() => tryTo(client.voice.silence(userId, !silenced))}
      >
        {silenced ? voice.unsilence : voice.silence}
      </MenuItem>
      <MenuItem icon={<UserMinus />} tone="danger" onSelect={() => tryTo(client.voice.remove(userId))}>
        {voice.remove}
      </MenuItem>
    </Menu>
  );
}
