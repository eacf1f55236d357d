/**
 * Whether somebody speaks, from how loud their microphone is. It begins at a level that a quiet room does not reach, and ends
 * only when it has been well below that for a while: words have gaps, and everyone is told of each change.
 */

export interface Speaking {
  readonly isSpeaking: boolean;
  /** The last moment at which it was loud enough to go on; null: never yet. */
  readonly heard_ms: number | null;
}

export const silent: Speaking = { isSpeaking: false, heard_ms: null };

/** Root mean squares of samples between -1 and 1. */
const begins_at = 0.02;
const goes_on_at = 0.008;
const ends_after_ms = 600;

export function withLevel({ isSpeaking, heard_ms }: Speaking, level: number, now_ms: number): Speaking {
  if (level >= (isSpeaking ? goes_on_at : begins_at)) return { isSpeaking: true, heard_ms: now_ms };
  const isOver = heard_ms === null || now_ms - heard_ms >= ends_after_ms;
  return { isSpeaking: isSpeaking && !isOver, heard_ms };
}

/** About the length of the shortest sound that somebody makes: 20 ms at 48 kHz. */
const stretch = 1024;

/** How loud the loudest stretch of these samples is: a short word counts although silence was before and after it. */
export function levelOf(samples: Float32Array): number {
  let loudest = 0;
  for (let start = 0; start < samples.length; start += stretch) {
    const part = samples.subarray(start, start + stretch);
    const sum = part.reduce((total, sample) => total + sample * sample, 0);
    loudest = Math.max(loudest, Math.sqrt(sum / part.length));
  }
  return loudest;
}
