/** How it stands with end-to-end encryption: the account's, other people's keys, and those of each conversation. */

/** A key as it travels: clients alone know what is in it (see crypto/public_keys.ts). */
export type KeyObject = Readonly<Record<string, unknown>>;

export interface KeyObjects {
  readonly public_key: KeyObject;
  readonly private_key: KeyObject;
}

/** The keys of an encrypted conversation, as the server gives them to one member. */
export interface ServedKeys {
  /** The current one of each present member who has published any. */
  readonly public_keys: Readonly<Record<string, KeyObject>>;
  /** The reader's own current one; null: they have none there yet. */
  readonly private_key: KeyObject | null;
  /** The pairs that the reader went by before, the latest first. */
  readonly private_keys: readonly KeyObjects[];
  /** What members sign their keys with. */
  readonly identities: Readonly<Record<string, KeyObject>>;
}

/**
 * Of the account on this device. `unsupported`: this browser, or a page that came over plain http, cannot encrypt; `none`:
 * the account has no identity yet; `locked`: it has one, and this device lacks the account secret; `ready`: it has it.
 */
export type Standing = "unknown" | "unsupported" | "none" | "locked" | "ready";

export type WrapKind = "recovery" | "passkey";

/** One way to get the account secret back. */
export interface Wrap {
  readonly id: string;
  readonly kind: WrapKind;
  readonly label: string | null;
  readonly inserted_at: string;
}

/**
 * What is known of somebody's identity key. `unknown`: nobody's key was seen yet; `known`: the first one seen, or a later one that
 * was accepted; `verified`: the numbers were compared; `changed`: the server tells of another one than was known before, and
 * it was not accepted.
 */
export type Trust = "unknown" | "known" | "verified" | "changed";

/** What keeps messages from being sealed in a conversation. */
export interface RoomKeys {
  /** Members who have published no keys there yet, or none that can be used. */
  readonly waitingFor: readonly string[];
  /** Those of them for whom the server gives what is no key of theirs, or none any more; missing where there are none. */
  readonly unusable?: readonly string[];
  /** Members whose identity key is another one than was known, or who stand in somebody else's place, and were not accepted. */
  readonly changed: readonly string[];
  /** Those of them who stand where somebody else was the partner of a private conversation; missing where there are none. */
  readonly exchanged?: readonly string[];
  /** Members for whom this device has not sealed there before: nothing is, until the person is told; missing where there are none. */
  readonly newcomers?: readonly string[];
}

/**
 * Handing the account secret from a device that has it (`giving`) to one that lacks it (`asking`). `asked`: another device
 * asks, and the person has yet to say whether they want that; `comparing`: both screens show `code`, and each has to be
 * told that it is the same.
 */
export type Handover =
  | { readonly step: "waiting"; readonly role: "asking"; readonly id: string; readonly expires_at: string }
  | { readonly step: "asked"; readonly role: "giving"; readonly id: string; readonly device: string }
  | {
      readonly step: "comparing";
      readonly role: "asking" | "giving";
      readonly id: string;
      readonly device: string | null;
      /** Six digits. */
      readonly code: string;
      /** It was confirmed here; the other device has yet to. */
      readonly isConfirmed: boolean;
    }
  | { readonly step: "done"; readonly role: "asking" | "giving" }
  | { readonly step: "failed"; readonly role: "asking" | "giving"; readonly why: HandoverFailure };

/** `tampered`: what came does not fit together; `busy`: another device answered. */
export type HandoverFailure = "expired" | "cancelled" | "tampered" | "busy";

/** The numbers that two people compare, and the same for a camera. */
export interface SafetyNumber {
  /** 60 digits in 12 groups of 5, with spaces between. */
  readonly digits: string;
  /** The text of a QR code. */
  readonly qr: string;
}

/**
 * What a scanned code is beside one's own. `different`: it is the other's, with other keys; `somebody_else`: that of other
 * people, or one's own; `unsupported`: of a later client; `unreadable`: no such code.
 */
export type Comparison = "same" | "different" | "somebody_else" | "unsupported" | "unreadable";
