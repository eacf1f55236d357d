/** How the client stands with the server. */

export type ConnectionState =
  /** Signed out, or not started. */
  | { readonly status: "idle" }
  /** The first connection, or another one after a loss, is under way. */
  | { readonly status: "connecting" }
  | { readonly status: "online" }
  /** The server cannot be reached; the next try is at `retryAt`, Unix milliseconds. */
  | { readonly status: "offline"; readonly retryAt: number };
