/** What the client takes from the browser around it; another environment can stand in for it. */

import { browserNoticeBoard, type NoticeBoard } from "./notice_board.ts";
import { browserPushDoor, type PushDoor } from "./push_door.ts";
import { type Exclusively, exclusivelyAcrossTabs } from "../protocol/locks.ts";

export interface Environment {
  /** The server's origin. */
  readonly origin: string;
  /** For environments without a global WebSocket that sends cookies. */
  readonly transport?: new (endpoint: string) => object;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly readCookies: () => string;
  readonly storage: Storage;
  readonly exclusively: Exclusively;
  /** Tells the other tabs of this browser, and hears them. */
  readonly openTabs: (name: string) => Tabs;
  readonly isVisible: () => boolean;
  /** Calls back whenever the page comes into view; answers how to stop. */
  readonly onVisible: (callback: () => void) => () => void;
  readonly notices: NoticeBoard;
  readonly pushes: PushDoor;
  /** Calls back when the page may be about to go. */
  readonly onLeaving: (callback: () => void) => () => void;
}

export interface Tabs {
  readonly tell: (news: unknown) => void;
  readonly hear: (callback: (news: unknown) => void) => void;
  readonly close: () => void;
}

export function browserEnvironment(): Environment {
  return {
    origin: location.origin,
    fetch: (request) => fetch(request),
    readCookies: () => document.cookie,
    storage: localStorage,
    exclusively: exclusivelyAcrossTabs(),
    openTabs: broadcastTabs,
    isVisible: () => document.visibilityState === "visible",
    onVisible: (callback) =>
      listen(document, "visibilitychange", () => {
        if (document.visibilityState === "visible") callback();
      }),
    notices: browserNoticeBoard,
    pushes: browserPushDoor,
    onLeaving: (callback) => listen(globalThis, "pagehide", callback),
  };
}

export function broadcastTabs(name: string): Tabs {
  const channel = new BroadcastChannel(name);
  return {
    tell: (news) => channel.postMessage(news),
    hear: (callback) => channel.addEventListener("message", (event: MessageEvent) => callback(event.data)),
    close: () => channel.close(),
  };
}

function listen(target: EventTarget, type: string, callback: () => void): () => void {
  target.addEventListener(type, callback);
  return () => target.removeEventListener(type, callback);
}
