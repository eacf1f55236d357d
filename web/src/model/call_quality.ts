/** How well a connection carries sound, from what the browser measures of it. */

export type Quality = "good" | "fair" | "poor";

export interface Measure {
  /** There and back; null where it was not measured yet. */
  readonly rtt_ms: number | null;
  /** Of what was sent since the last look, the part that did not come: 0 to 1. */
  readonly loss: number;
}

/** From where on people talk over each other (ITU-T G.114 gives 150 ms one way as good), and where words begin to miss. */
const good = { rtt_ms: 300, loss: 0.02 };
const fair = { rtt_ms: 600, loss: 0.08 };

export function qualityOf({ rtt_ms, loss }: Measure): Quality {
  const isWithin = (bound: typeof good) => (rtt_ms ?? 0) <= bound.rtt_ms && loss <= bound.loss;
  if (isWithin(good)) return "good";
  return isWithin(fair) ? "fair" : "poor";
}

/** What two looks at the counters tell; nothing received says nothing about loss. */
export function lossBetween(
  before: { readonly received: number; readonly lost: number },
  now: { readonly received: number; readonly lost: number },
): number {
  // Packets that come late after all are taken off again.
  const lost = Math.max(0, now.lost - before.lost);
  const received = Math.max(0, now.received - before.received);
  return lost + received === 0 ? 0 : lost / (lost + received);
}
