/** Who is in which voice channel, what rings, and the call that the reader is in. */

import type { Call, Ring } from "../model/voice.ts";
import type { VoiceState } from "./state.ts";

/** The same state where nothing is new, so that nothing is drawn again. */
export function withVoicePlace(state: VoiceState, conversationId: string, userIds: readonly string[]): VoiceState {
  const before = state.byConversation[conversationId] ?? [];
  if (before.length === userIds.length && before.every((id, at) => id === userIds[at])) return state;
  const { [conversationId]: _before, ...others } = state.byConversation;
  const byConversation = userIds.length === 0 ? others : { ...others, [conversationId]: userIds };
  return { ...state, byConversation };
}

export function withRing(state: VoiceState, ring: Ring): VoiceState {
  return { ...withoutRing(state, ring.conversation_id), rings: [...othersThan(state, ring.conversation_id), ring] };
}

export function withoutRing(state: VoiceState, conversationId: string): VoiceState {
  const rings = othersThan(state, conversationId);
  return rings.length === state.rings.length ? state : { ...state, rings };
}

/** Changes the call in this conversation; nothing where the reader is in another one by now, or in none. */
export function withCall(state: VoiceState, conversationId: string, change: (call: Call) => Partial<Call>): VoiceState {
  const { call } = state;
  return call?.conversationId === conversationId ? { ...state, call: { ...call, ...change(call) } } : state;
}

function othersThan({ rings }: VoiceState, conversationId: string): readonly Ring[] {
  return rings.filter(({ conversation_id }) => conversation_id !== conversationId);
}
