/** What the rows of a thread can have done beyond themselves. It stays the same while the thread is open. */

import { createContext, use } from "react";
import type { Message } from "../../model/message.ts";
import type { SelectionStore } from "./selection.ts";

export interface ThreadActs {
  readonly selection: SelectionStore;
  readonly onPerson: (userId: string) => void;
  /** To a message, here or in another conversation. */
  readonly onGoTo: (conversationId: string, messageId: string) => void;
  readonly onAsk: (asked: Asked) => void;
  /** To where this device gets the keys that it lacks. */
  readonly onRestore: () => void;
  /** To the safety number with somebody. */
  readonly onCompare: (userId: string) => void;
  /** To an answer that asks for a message once more. */
  readonly onAskAgain: (message: Message) => void;
}

/** Where a thread leads to when its keys are concerned. */
export type KeyActs = Pick<ThreadActs, "onRestore" | "onCompare" | "onAskAgain">;

/** What is shown over the thread. */
export type Asked =
  | { readonly type: "delete"; readonly messages: readonly Message[] }
  | { readonly type: "forward"; readonly messages: readonly Message[] }
  | { readonly type: "versions" | "readers" | "closePoll"; readonly message: Message }
  | AskedPeople
  | { readonly type: "pinned" }
  | { readonly type: "person"; readonly userId: string };

/** Who reacted to a message, or voted in it. */
export type AskedPeople = { readonly type: "reactors" | "voters"; readonly message: Message };

const ActsContext = createContext<ThreadActs | null>(null);

export const ThreadActsProvider = ActsContext;

export function useThreadActs(): ThreadActs {
  const acts = use(ActsContext);
  if (!acts) throw new Error("There is no ThreadActsProvider above this component.");
  return acts;
}
