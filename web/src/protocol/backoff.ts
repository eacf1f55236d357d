/** How long to wait before the next try. */

const first_ms = 500;
const longest_ms = 15_000;

/**
 * Doubles with each failed try up to 15 s, of which a random half is taken off, so that the clients of a server that was
 * down do not all come back in the same moment.
 */
export function retryDelay_ms(failedTries: number, random: () => number = Math.random): number {
  const delay_ms = Math.min(longest_ms, first_ms * 2 ** Math.max(0, failedTries - 1));
  return Math.round(delay_ms * (0.5 + random() / 2));
}
