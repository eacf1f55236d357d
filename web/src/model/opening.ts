/** What sealed messages turned out to be, and messages as they are shown, sealed or not. */

import type { Attachment, Message, Reaction } from "./message.ts";

/**
 * Why a copy cannot be opened. `locked`: this device lacks the account secret; `no_key`: it was sealed for a key that is not
 * among the reader's; `former_identity`: for one from before the reader began anew; `unknown_key_of_sender`: by a key that
 * is not known to be the sender's (it may be accepted); `stranger`: by somebody who stands in the
 * partner's place in a private conversation (they may be accepted); `unsigned`: by one that does not bear the sender's signature;
 * `other_chat`: for another conversation of the reader's; `misplaced`: it is of another message; `tampered`: it was changed;
 * `shown_again`: it is an earlier message once more; `outdated`: a later edit of it was seen; `not_sealed`: it stands open where
 * everything is sealed; `malformed`: it is no copy as this client makes them; `newer`: a later client made it; `failed`: this page failed at it.
 */
export type Closed =
  | "locked"
  | "no_key"
  | "former_identity"
  | "unknown_key_of_sender"
  | "stranger"
  | "unsigned"
  | "other_chat"
  | "misplaced"
  | "tampered"
  | "shown_again"
  | "outdated"
  | "not_sealed"
  | "malformed"
  | "newer"
  | "failed";

export type OpenedCopy =
  | { readonly status: "opening" }
  | {
      readonly status: "open";
      /** Markdown. */
      readonly text: string;
      readonly attachments: readonly Attachment[];
      /** What its sender answers, whatever the server says of it. */
      readonly replyTo: string | null;
      /** Whom it mentions, as far as the reader knows them. */
      readonly mentions: readonly string[];
      readonly mentionsAll: boolean;
      /** 0 as it was sent; counts the edits. */
      readonly editNo: number;
    }
  | { readonly status: "closed"; readonly why: Closed };

/** How it stands with the seal of a message; `none`: it has none. */
export type Seal = "none" | "opening" | "open" | Closed;

/** A message with the text, attachments and reactions that are to be shown; of a closed one they are empty. */
export interface ShownMessage extends Message {
  readonly seal: Seal;
}

/** By `copy_id`. `places` are the conversations that are known to be encrypted, whatever a message says of itself. */
export interface Openings {
  readonly places?: ReadonlySet<string>;
  readonly byCopy: Readonly<Record<string, OpenedCopy>>;
  readonly reactionsByCopy: Readonly<Record<string, readonly Reaction[]>>;
}

/** Whether what it says can be read here. */
export function isReadable({ seal }: ShownMessage): boolean {
  return seal === "none" || seal === "open";
}

interface Shown {
  readonly opened: OpenedCopy | undefined;
  readonly reactions: readonly Reaction[];
  readonly message: ShownMessage;
}

const openBefore = new WeakMap<Message, ShownMessage>();
const shownBefore = new WeakMap<Message, Shown>();
const noReactions: readonly Reaction[] = [];

/**
 * The message as views show it, sealed or not: its text, attachments and reactions are those that were opened. The same object
 * for as long as neither the message nor what was opened of it changes. Handed one of its own answers, it gives that back.
 */
export function shownMessage(message: Message, openings: Openings): ShownMessage {
  if ("seal" in message) return message as ShownMessage;
  if (!message.encrypted && openings.places?.has(message.conversation_id)) return foreign(message);
  const { copy_id: copyId } = message;
  const opened = copyId === undefined ? undefined : openings.byCopy[copyId];
  const reactions = (copyId === undefined ? undefined : openings.reactionsByCopy[copyId]) ?? noReactions;
  const before = shownBefore.get(message);
  if (before?.opened === opened && before?.reactions === reactions) return before.message;
  const shown = message.encrypted ? unsealed(message, opened, reactions) : { ...message, seal: "none" as const };
  shownBefore.set(message, { opened, reactions, message: shown });
  return shown;
}

/** Nobody who is in an encrypted conversation has said what stands there in the open. */
function foreign(message: Message): ShownMessage {
  const shown = openBefore.get(message) ?? closedOpen(message);
  openBefore.set(message, shown);
  return shown;
}

function closedOpen(message: Message): ShownMessage {
  const seal = message.is_deleted ? "open" : "not_sealed";
  return { ...message, content: "", attachments: [], reactions: [], poll: null, seal };
}

function unsealed(message: Message, opened: OpenedCopy | undefined, reactions: readonly Reaction[]): ShownMessage {
  if (message.is_deleted) return { ...message, content: "", attachments: [], reactions: [], seal: "open" };
  if (opened?.status === "open") {
    const { text: content, attachments, replyTo: reply_to, mentions, mentionsAll: mentions_all } = opened;
    return { ...message, content, attachments, reply_to, mentions, mentions_all, reactions, seal: "open" };
  }
  const seal = opened?.status === "closed" ? opened.why : "opening";
  return { ...message, content: "", attachments: [], reactions, seal };
}
