/** How long a call was without its server and without anybody, by the wall clock: while a lid is closed no timer runs. */

/** Whoever comes back later has gone on elsewhere, or does not expect to be heard at once. */
const borne_ms = 60_000;
/** Browsers let the timers of a page out of sight wait for up to a minute, in which nothing is amiss. */
const heldBack_ms = 5_000;

export class Absence {
  private reached_ms = Date.now();

  /** Asked again and again. Who seems to be there after a long sleep was not there all the same. */
  isTooLong(isThere: boolean): boolean {
    const now_ms = Date.now();
    if (now_ms - this.reached_ms > borne_ms + (isThere ? heldBack_ms : 0)) return true;
    if (isThere) this.reached_ms = now_ms;
    return false;
  }
}
