/** What a person can do about how they are notified. */

import type { NoticeSettings } from "../model/notices.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Environment } from "./environment.ts";
import type { Notice } from "./notice_board.ts";
import type { Notices } from "./notices.ts";
import type { PushStanding } from "./push_door.ts";

/** Every method rejects with `ApiError` when the server refuses or cannot be reached. */
export interface NoticeDesk {
  change(edit: Partial<NoticeSettings>): Promise<void>;
  /** Shows a notice outside the page, where that is allowed. */
  show(notice: Notice): Promise<void>;
  /** How it stands with pushes in this browser. */
  pushStanding(): Promise<PushStanding>;
  /** Asks the person's leave, and answers how it stands then. To be called from a click. */
  turnPushOn(): Promise<PushStanding>;
  turnPushOff(): Promise<PushStanding>;
}

interface DeskOptions {
  readonly rest: Pick<Rest, "pushKey" | "addPushSubscription" | "removePushSubscription">;
  readonly environment: Environment;
  readonly notices: () => Notices;
}

export function createNoticeDesk({ rest, environment, notices }: DeskOptions): NoticeDesk {
  const { pushes } = environment;
  return {
    change: async (edit) => await notices().change(edit),
    show: async (notice) => await environment.notices.show(notice),
    pushStanding: async () => await pushes.standing(),
    turnPushOn: async () => {
      const { public_key } = await rest.pushKey();
      const keys = await pushes.subscribe(public_key);
      if (keys !== null) await rest.addPushSubscription(keys);
      return await pushes.standing();
    },
    turnPushOff: async () => {
      const endpoint = await pushes.unsubscribe();
      if (endpoint !== null) await rest.removePushSubscription(endpoint);
      return await pushes.standing();
    },
  };
}
