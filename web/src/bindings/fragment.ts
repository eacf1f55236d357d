/**
 * What stands behind the `#` of a link that leads into the client: the secret of a mail's link, or how a sign-in went on.
 * It is taken out of the address bar at once, so that it is neither seen nor copied nor kept in the history.
 */

import { useSyncExternalStore } from "react";

export interface Fragment {
  readonly path: string;
  readonly text: string;
}

let held: Fragment = { path: "", text: "" };
const watchers = new Set<() => void>();

/** To be called before anything is drawn: takes the fragment of these pages, now and when another link is opened. */
export function takeFragments(isSecret: (path: string) => boolean): void {
  const take = () => {
    const { pathname, search, hash } = location;
    if (hash.length < 2 || !isSecret(pathname)) return;
    held = { path: pathname, text: decoded(hash.slice(1)) };
    history.replaceState(history.state, "", pathname + search);
    for (const onChange of watchers) onChange();
  };
  take();
  globalThis.addEventListener("hashchange", take);
}

/** What came to this page behind its `#`; empty where nothing did. */
export function useFragment(path: string): string {
  return useSyncExternalStore(watch, () => (held.path === path ? held.text : ""));
}

function watch(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => watchers.delete(onChange);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
