/** Telling of messages that come while the reader looks elsewhere, and how that is wished. */

import type { Message } from "../model/message.ts";
import { isNoticed, type NoticeSettings, usualNoticeSettings } from "../model/notices.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Stores } from "../stores/stores.ts";
import type { Copies } from "./copies.ts";
import type { Environment } from "./environment.ts";

export interface NoticesOptions {
  readonly stores: Pick<Stores, "notices">;
  readonly rest: Pick<Rest, "noticeSettings" | "changeNoticeSettings">;
  readonly environment: Pick<Environment, "isVisible" | "notices">;
  readonly copies: Copies;
  /** Whether a conversation is in view. */
  readonly isShown: (conversationId: string) => boolean;
  /** Sealed messages as they are to be shown. */
  readonly open: (messages: readonly Message[]) => Promise<readonly Message[]>;
}

/** After a long absence: only the newest is told anyway. */
const maxOpened = 20;

export class Notices {
  private readonly options: NoticesOptions;

  constructor(options: NoticesOptions) {
    this.options = options;
  }

  /** Reads how it is wished; until then, and where it cannot be read, the usual holds. */
  async load(): Promise<void> {
    try {
      this.options.stores.notices.setState({ settings: await this.options.rest.noticeSettings() });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async change(edit: Partial<NoticeSettings>): Promise<void> {
    this.options.stores.notices.setState({ settings: await this.options.rest.changeNoticeSettings(edit) });
  }

  /** Messages of one conversation have come; the newest of those that one is notified of is told. */
  hear(conversationId: string, messages: readonly Message[]): void {
    const sealed = messages.filter(({ encrypted }) => encrypted);
    if (sealed.length === 0) this.tell(conversationId, messages);
    // What they say, and whom they mention, is known when they are open.
    else void this.options.open(sealed.slice(-maxOpened)).then((opened) => this.tell(conversationId, opened));
  }

  private tell(conversationId: string, messages: readonly Message[]): void {
    const { stores, environment, copies, isShown } = this.options;
    const row = copies.row(conversationId);
    if (row === null) return;
    const settings = stores.notices.getState().settings ?? usualNoticeSettings;
    const reader = { id: copies.myId, now_ms: Date.now() };
    const told = messages.findLast((message) => message.seq > row.read_seq && isNoticed(message, row, settings, reader));
    const isVisible = environment.isVisible();
    if (told === undefined || (isVisible && isShown(row.id))) return;
    if (!isVisible) stores.notices.setState({ told });
    if (settings.has_sound) environment.notices.chime();
  }
}
