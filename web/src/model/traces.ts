/** What a message has left behind: how it read before it was edited, and who has read it. */

import type { User } from "./user.ts";

export interface Version {
  readonly content: string;
  readonly written_at: string;
}

export interface Reader {
  readonly user: User;
  readonly read_at: string | null;
}
