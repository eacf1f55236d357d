/** A message of one's own that waits to be sent at its time, as the server tells of it. */

import type { Attachment } from "./message.ts";

export interface Scheduled {
  readonly id: string;
  readonly conversation_id: string;
  readonly content: string;
  readonly send_at: string;
  readonly reply_to: string | null;
  readonly attachments: readonly Attachment[];
  readonly silent: boolean;
  /** Why it could not be sent at its time; a code, as refusals have them. */
  readonly failure: string | null;
}
