/** What guards an account and what belongs to it besides the person's looks. Field names are the wire's own. */

/** One sign-in that still holds. */
export interface Device {
  readonly id: string;
  /** "Firefox on Linux". */
  readonly name: string;
  /** Where it was last used from, as far as it is known. */
  readonly address: string | null;
  readonly inserted_at: string;
  readonly last_used_at: string;
  /** True: it is the one that asks. */
  readonly current: boolean;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly inserted_at: string;
  readonly last_used_at: string | null;
}

export interface Security {
  readonly has_password: boolean;
  /** Signing in with the password asks for a second proof. */
  readonly second_step: boolean;
  /** An authenticator app is set up. */
  readonly totp: boolean;
  readonly recovery_codes_left: number;
  readonly passkeys: readonly Passkey[];
  /** The session began a moment ago: without a password this is what stands for it. */
  readonly fresh: boolean;
}

/** Somebody elsewhere whose word lets the person in. */
export interface Identity {
  readonly provider: string;
  readonly title: string;
  readonly email: string | null;
  readonly inserted_at: string;
}

export interface Provider {
  readonly id: string;
  readonly title: string;
}

/** The copy of everything that is one's own, while it is packed and after. */
export interface DataExport {
  readonly id: string;
  readonly status: "waiting" | "running" | "ready" | "failed";
  readonly done: number;
  readonly total: number;
  /** Bytes; null until it is ready. */
  readonly size: number | null;
  readonly inserted_at: string;
  readonly expires_at: string | null;
}
