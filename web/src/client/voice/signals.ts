/** What is said to other ends by way of the server. */

import type { TopicChannel } from "../../protocol/channels.ts";
import { ApiError } from "../../protocol/errors.ts";

export interface Addressed {
  readonly to: string;
  readonly to_session: string;
  readonly [key: string]: unknown;
}

/**
 * What the server refuses is lost: the other has gone, or an offer is said again. Only haste is made good. Resolves once it was
 * said or lost; `isWanted`: whether it still has to be said.
 */
export async function signal(channel: TopicChannel, event: string, payload: Addressed, isWanted: () => boolean): Promise<void> {
  // What waited for the next connection could come in the name of another participation.
  while (channel.isJoined() && isWanted()) {
    try {
      await channel.push(event, payload);
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code !== "rate_limited") return;
      const wait_ms = (error.retryAfter_s ?? 1) * 1000;
      await new Promise((resolve) => setTimeout(resolve, wait_ms));
    }
  }
}
