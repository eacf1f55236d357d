/** What the browser has counted on a connection, as far as it tells how good it is. */

export interface Counted {
  readonly received: number;
  readonly lost: number;
}

export interface Counters {
  /** There and back; null where it was not measured yet. */
  readonly rtt_ms: number | null;
  /** By the id of the track that it comes as. */
  readonly byTrack: ReadonlyMap<string, Counted>;
}

/** What is read of the browser's reports, which TypeScript's library does not know. */
export interface Report {
  readonly type: string;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
  readonly trackIdentifier?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
}

export const nothingCounted: Counted = { received: 0, lost: 0 };

export function countersOf(reports: Iterable<Report>): Counters {
  let rtt_ms: number | null = null;
  const byTrack = new Map<string, Counted>();
  for (const report of reports) {
    if (report.type === "candidate-pair" && report.nominated === true && report.currentRoundTripTime !== undefined) {
      rtt_ms = report.currentRoundTripTime * 1000;
    }
    if (report.type !== "inbound-rtp") continue;
    const id = report.trackIdentifier ?? "";
    const counted = { received: report.packetsReceived ?? 0, lost: report.packetsLost ?? 0 };
    byTrack.set(id, sum([byTrack.get(id) ?? nothingCounted, counted]));
  }
  return { rtt_ms, byTrack };
}

export function sum(all: Iterable<Counted>): Counted {
  let { received, lost } = nothingCounted;
  for (const one of all) {
    received += one.received;
    lost += one.lost;
  }
  return { received, lost };
}
