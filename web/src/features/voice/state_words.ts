/** How it stands with a participant, in words. */

import type { Link, Participant } from "../../model/voice.ts";
import type { CallWords } from "../../words/english_call.ts";

/** `link` is undefined for oneself. The most telling comes first. */
export function stateWords(participant: Participant, link: Link | undefined, voice: CallWords): readonly string[] {
  const { state } = voice;
  const sound = soundWord(participant, state);
  return [
    ...(sound === null ? [] : [sound]),
    ...(participant.sharing ? [state.sharing] : []),
    ...(participant.camera ? [state.camera] : []),
    ...(link === undefined ? [] : linkWords(link, voice)),
  ];
}

function soundWord({ deafened, silenced, muted, speaking }: Participant, state: CallWords["state"]): string | null {
  if (silenced) return state.silenced;
  if (deafened) return state.deafened;
  if (muted) return state.muted;
  return speaking ? state.speaking : null;
}

function linkWords(link: Link, { state, quality }: CallWords): readonly string[] {
  if (link.status === "connected") return link.quality === null ? [] : [quality[link.quality]];
  return [state[link.status]];
}
