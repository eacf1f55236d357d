/** How long there is still to wait. */

export interface Wait {
  readonly count: number;
  readonly unit: "second" | "minute" | "hour";
}

const minute_s = 60;
const hour_s = 3600;

/** Seconds as people say them; rounded up, so that nobody comes too early. */
export function waitOf(seconds: number): Wait {
  if (seconds <= minute_s) return { count: Math.max(1, Math.ceil(seconds)), unit: "second" };
  if (seconds <= hour_s) return { count: Math.ceil(seconds / minute_s), unit: "minute" };
  return { count: Math.ceil(seconds / hour_s), unit: "hour" };
}

/** Whole seconds until then; 0 once it has come. */
export function secondsUntil(then_ms: number, now_ms: number): number {
  return Math.max(0, Math.ceil((then_ms - now_ms) / 1000));
}
