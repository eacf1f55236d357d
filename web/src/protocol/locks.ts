/** Mutual exclusion by name, across all tabs of this origin where the browser can. */

/** Runs `work` when nobody else holds the name, and answers what it answers. */
export type Exclusively = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Over the Web Locks API; pages from plain http on another machine lack it, and then only this tab is kept in line. */
export function exclusivelyAcrossTabs(): Exclusively {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined) return exclusivelyHere();
  return async (name, work) => await locks.request(name, work);
}

export function exclusivelyHere(): Exclusively {
  const tails = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work);
    tails.set(name, turn);
    return await turn;
  };
}
