/** When the list of messages is asked for anew: soon after a change, and not too often. */

const CHANGE_MS = 1_000;
/** What was shown as it was heard counts as read once the list was asked for. */
const READING_MS = 10_000;

export class Reloading {
  private readonly load: () => Promise<void>;
  private readonly isSeen: () => boolean;
  private readonly now: () => number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueAt = Number.POSITIVE_INFINITY;
  private doneAt = Number.NEGATIVE_INFINITY;

  constructor(
    load: () => Promise<void>,
    isSeen: () => boolean,
    now: () => number = Date.now,
  ) {
    this.load = load;
    this.isSeen = isSeen;
    this.now = now;
  }

  /** The list is no longer what it was. */
  changed(): void {
    this.by(Math.max(this.now(), this.doneAt + CHANGE_MS));
  }

  /** Something was shown and read. */
  read(): void {
    // Not everyone who looks on at once.
    this.by(this.now() + READING_MS * (1 + Math.random()));
  }

  /** Somebody looks at the page again. */
  seen(): void {
    if (this.dueAt !== Number.POSITIVE_INFINITY) this.by(this.now());
  }

  private by(at: number): void {
    if (at < this.dueAt) {
      this.dueAt = at;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.run(), at - this.now());
    }
  }

  private async run(): Promise<void> {
    // Nobody reads what is not looked at: it waits for `seen`.
    if (!this.isSeen()) {
      this.dueAt = Number.MAX_VALUE;
      return;
    }
    this.dueAt = Number.POSITIVE_INFINITY;
    this.doneAt = this.now();
    await this.load();
  }
}
