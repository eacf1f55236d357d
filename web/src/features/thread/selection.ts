/** Which messages of a thread are chosen to do something with all of them. While any is, rows are pressed to choose. */

import { createStore, type StoreApi } from "zustand/vanilla";
import { bySeq } from "../../model/history.ts";
import type { Message } from "../../model/message.ts";

export interface Selection {
  readonly chosen: ReadonlyMap<string, Message>;
  /** From where a range reaches: the message that was pressed last. */
  readonly anchor: Message | null;
}

export type SelectionStore = StoreApi<Selection>;

const nothing: Selection = { chosen: new Map(), anchor: null };

export function createSelection(): SelectionStore {
  return createStore<Selection>(() => nothing);
}

export function clear(store: SelectionStore): void {
  store.setState(nothing);
}

export function toggle(store: SelectionStore, message: Message): void {
  store.setState(({ chosen }) => {
    const next = new Map(chosen);
    if (!next.delete(message.id)) next.set(message.id, message);
    return { chosen: next, anchor: message };
  });
}

/** Chooses everything from the message pressed last to this one. */
export function extendTo(store: SelectionStore, message: Message, thread: readonly Message[]): void {
  const { anchor } = store.getState();
  if (anchor === null) {
    toggle(store, message);
    return;
  }
  const [from, to] = [anchor.seq, message.seq].toSorted((one, other) => one - other);
  const between = thread.filter(({ seq, is_deleted }) => seq >= (from ?? 0) && seq <= (to ?? 0) && !is_deleted);
  store.setState(({ chosen }) => ({
    chosen: new Map([...chosen, ...between.map((each) => [each.id, each] as const)]),
    anchor,
  }));
}

/** In the order in which they were sent, as they are now; what was deleted meanwhile is left out. */
export function chosenOf({ chosen }: Selection, thread: readonly Message[]): readonly Message[] {
  const now = new Map(thread.map((message) => [message.id, message]));
  return [...chosen.values()]
    .map((message) => now.get(message.id) ?? message)
    .filter((message) => !message.is_deleted)
    .toSorted(bySeq);
}
