/** What somebody came for who has to sign in first, kept while the page goes to another site and back. */

const key = "tertulia.wanted";

/** Null where they came for nothing but the chats. */
export function wantedPath(): string | null {
  return sessionStorage.getItem(key);
}

export function keepWanted(path: string): void {
  sessionStorage.setItem(key, path);
}

export function forgetWanted(): void {
  sessionStorage.removeItem(key);
}
