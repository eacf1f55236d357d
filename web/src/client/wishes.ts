/**
 * Reactions and votes are seen at once and told afterwards. Of one message and emoji one request is under way at a time,
 * and only the last wish counts, so that pressing quickly comes to what was pressed last. A refusal takes the wish away.
 */

import type { Message } from "../model/message.ts";
import { shownMessage } from "../model/opening.ts";
import { hasReacted, withWishes, type Wishes as WishesOfMessage } from "../model/wishes.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Stores } from "../stores/stores.ts";
import type { Copies } from "./copies.ts";

const nothing: WishesOfMessage = { reactions: {}, vote: null };
/** The answer and the announcement of a change come by two ways; the wish is seen until both are there, or so long. */
const agreedAfter_ms = 2_000;

/** How one reacts where the server cannot read it. */
export interface SealedReactions {
  /** Settles when it is known with what people have reacted to the message so far. */
  readonly known: (message: Message) => Promise<void>;
  /** From then on one reacts to the message with all of these, and no others. */
  readonly react: (message: Message, emoji: readonly string[]) => Promise<void>;
}

export class Wishes {
  private readonly rest: Pick<Rest, "react" | "unreact" | "vote">;
  private readonly stores: Pick<Stores, "wishes" | "threads" | "opened">;
  private readonly copies: Copies;
  private readonly sealed: SealedReactions;
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    rest: Pick<Rest, "react" | "unreact" | "vote">,
    stores: Pick<Stores, "wishes" | "threads" | "opened">,
    copies: Copies,
    sealed: SealedReactions,
  ) {
    this.rest = rest;
    this.stores = stores;
    this.copies = copies;
    this.sealed = sealed;
  }

  async react(message: Message, emoji: string, isWanted: boolean): Promise<void> {
    this.patch(message.id, ({ reactions, vote }) => ({ reactions: { ...reactions, [emoji]: isWanted }, vote }));
    if (message.encrypted || this.copies.row(message.conversation_id)?.encrypted) {
      await this.once(`${message.id} sealed`, () => this.tellSealed(message));
      return;
    }
    const wish = () => this.of(message.id).reactions[emoji];
    await this.once(`${message.id} ${emoji}`, async () => {
      try {
        await untilSettled(wish, async (wanted) => {
          if (wanted) this.takeIn(await this.rest.react(message.id, emoji));
          else await this.rest.unreact(message.id, emoji);
          await this.agreement(() => wish() !== wanted || this.shownReaction(message, emoji) === wanted);
        });
      } finally {
        this.patch(message.id, ({ reactions: { [emoji]: _done, ...reactions }, vote }) => ({ reactions, vote }));
      }
    });
  }

  /** All that one reacts with is sealed anew at each change, so that the wishes of a message go out together. */
  private async tellSealed(message: Message): Promise<void> {
    // In whatever order they are shown, they are the same wish.
    const wish = () => JSON.stringify(this.ownEmoji(message).toSorted());
    try {
      // What is not told again is taken back: also what one has reacted with and this page has not opened yet.
      await this.sealed.known(message);
      await untilSettled(wish, async (wanted) => {
        await this.sealed.react(message, this.ownEmoji(message));
        await this.agreement(() => wish() !== wanted || this.isSeen(message));
      });
    } finally {
      this.patch(message.id, ({ vote }) => ({ reactions: {}, vote }));
    }
  }

  private ownEmoji(message: Message): readonly string[] {
    const { myId } = this.copies;
    const shown = withWishes(this.shown(message) ?? message, this.of(message.id), myId);
    return shown.reactions.flatMap(({ emoji, user_ids }) => (user_ids.includes(myId) ? [emoji] : []));
  }

  /** No choices take the vote back. */
  async vote(message: Message, choices: readonly number[]): Promise<void> {
    this.patch(message.id, ({ reactions }) => ({ reactions, vote: choices }));
    await this.once(`${message.id} vote`, async () => {
      try {
        const wish = () => this.of(message.id).vote ?? undefined;
        await untilSettled(wish, async (wanted) => this.takeIn(await this.rest.vote(message.id, wanted)));
      } finally {
        this.patch(message.id, ({ reactions }) => ({ reactions, vote: null }));
      }
    });
  }

  private once(key: string, work: () => Promise<void>): Promise<void> {
    const started = this.running.get(key) ?? work().finally(() => this.running.delete(key));
    this.running.set(key, started);
    return started;
  }

  private takeIn(message: Message): void {
    this.copies.takeIn(message.conversation_id, [message]);
  }

  private of(messageId: string): WishesOfMessage {
    return this.stores.wishes.getState().byMessage[messageId] ?? nothing;
  }

  private patch(messageId: string, change: (wishes: WishesOfMessage) => WishesOfMessage): void {
    const next = change(this.of(messageId));
    const isOver = next.vote === null && Object.keys(next.reactions).length === 0;
    this.stores.wishes.setState(({ byMessage: { [messageId]: _before, ...others } }) => ({
      byMessage: isOver ? others : { ...others, [messageId]: next },
    }));
  }

  private shownReaction(message: Message, emoji: string): boolean | undefined {
    const shown = this.shown(message);
    // Where the message is not loaded nothing can be waited for.
    return shown === undefined ? this.of(message.id).reactions[emoji] : hasReacted(shown, emoji, this.copies.myId);
  }

  private isSeen(message: Message): boolean {
    const wished = Object.entries(this.of(message.id).reactions);
    return wished.every(([emoji, isWanted]) => this.shownReaction(message, emoji) === isWanted);
  }

  private shown(message: Message): Message | undefined {
    const thread = this.copies.openThread(message.conversation_id);
    const found = thread?.messages.find((each) => each.id === message.id);
    return found && shownMessage(found, this.stores.opened.getState());
  }

  /** Of a wish that changes meanwhile nothing is waited for any longer: it is to be told. */
  private async agreement(isAgreed: () => boolean): Promise<void> {
    if (isAgreed()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => settle(), agreedAfter_ms);
      const look = (): void => {
        if (isAgreed()) settle();
      };
      const unsubscribe = [this.stores.threads, this.stores.opened, this.stores.wishes].map((each) => each.subscribe(look));
      const settle = (): void => {
        clearTimeout(timer);
        for (const each of unsubscribe) each();
        resolve();
      };
    });
  }
}

/** Tells the wish until it is the one that was told last. */
async function untilSettled<Wish>(wish: () => Wish | undefined, tell: (wish: Wish) => Promise<void>): Promise<void> {
  let told: Wish | undefined;
  for (let wanted = wish(); wanted !== undefined && wanted !== told; wanted = wish()) {
    await tell(wanted);
    told = wanted;
  }
}
