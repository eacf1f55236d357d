/** Who is typing: oneself, told to the others sparingly, and the others, told to the views. */

import type { Stores } from "../stores/stores.ts";

/** The server forgets a typist after six seconds of silence. */
const repeated_after_ms = 3_000;
const finished_after_ms = 5_000;

type Tell = (conversationId: string, event: "start_typing" | "finish_typing") => void;

interface OwnTyping {
  readonly toldAt: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Typing {
  private readonly store: Stores["typing"];
  private readonly myId: string;
  private readonly tell: Tell;
  private readonly own = new Map<string, OwnTyping>();

  constructor(store: Stores["typing"], myId: string, tell: Tell) {
    this.store = store;
    this.myId = myId;
    this.tell = tell;
  }

  /** A keystroke. */
  start(id: string): void {
    const typing = this.own.get(id);
    clearTimeout(typing?.timer);
    const isDue = typing === undefined || Date.now() - typing.toldAt >= repeated_after_ms;
    if (isDue) this.tell(id, "start_typing");
    this.own.set(id, {
      toldAt: isDue ? Date.now() : typing.toldAt,
      timer: setTimeout(() => this.finish(id), finished_after_ms),
    });
  }

  finish(id: string): void {
    const typing = this.own.get(id);
    if (typing === undefined) return;
    clearTimeout(typing.timer);
    this.own.delete(id);
    this.tell(id, "finish_typing");
  }

  hear(id: string, userId: string, isTyping: boolean): void {
    const others = this.others(id).filter((other) => other !== userId);
    this.put(id, isTyping && userId !== this.myId ? [...others, userId] : others);
  }

  /** All who type there now, as a join tells. */
  hearAll(id: string, userIds: readonly string[]): void {
    this.put(
      id,
      userIds.filter((userId) => userId !== this.myId),
    );
  }

  stop(): void {
    for (const { timer } of this.own.values()) clearTimeout(timer);
  }

  private others(id: string): readonly string[] {
    return this.store.getState().byConversation[id] ?? [];
  }

  private put(id: string, userIds: readonly string[]): void {
    if (userIds.length === 0 && this.others(id).length === 0) return;
    this.store.setState(({ byConversation }) => {
      const { [id]: _before, ...rest } = byConversation;
      return { byConversation: userIds.length === 0 ? rest : { ...rest, [id]: userIds } };
    });
  }
}
