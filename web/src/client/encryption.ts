/** What a person can do about end-to-end encryption. How it stands is in `stores.encryption`. */

import type { OwnConversation } from "../model/conversation.ts";
import type { Comparison, SafetyNumber } from "../model/encryption.ts";
import type { Attachment } from "../model/message.ts";
import type { FoundMessage } from "../model/search.ts";
import type { Seals } from "./seals.ts";

/** A file that was opened here. `release` is to be called when it is not shown any more: its content goes then. */
export interface OpenedFile {
  /** A `blob:` address. */
  readonly url: string;
  readonly content: Blob;
  release(): void;
}

/**
 * Every method that answers a promise rejects with `ApiError` when the server refuses or cannot be reached, and with one of
 * status 0 and these codes of its own: `encryption_unsupported`, `encryption_locked` (this device lacks the account secret),
 * `recovery_key_length`, `recovery_key_letters`, `recovery_key_typo` (its checksum is wrong), `recovery_key_other` (it is not
 * that of this account), `passkey_without_secret` (the passkey, or the browser, cannot give one), `no_wrap` (there is nothing
 * to get back in that way), `file_damaged`, `file_too_large`. With passkeys also as the browser does.
 */
export interface Encryption {
  /** Gives the account its identity. The recovery key is shown once and kept nowhere. */
  setUp(): Promise<{ readonly recoveryKey: string }>;
  /** Whether this is a recovery key of the account, read as tolerantly as when it is needed. */
  confirmRecoveryKey(text: string): Promise<boolean>;
  /** Another recovery key, in place of those before. It takes the present password, or without one a fresh sign-in. */
  renewRecoveryKey(password?: string): Promise<{ readonly recoveryKey: string }>;
  /** Has a passkey open the account secret, too. To be called from a click, as are all with passkeys. */
  addPasskey(label: string): Promise<void>;
  /** Takes a way of getting the secret back away; the server refuses for the last one, and may ask for the password. */
  removeWrap(id: string, password?: string): Promise<void>;

  restoreWithRecoveryKey(text: string): Promise<void>;
  restoreWithPasskey(): Promise<void>;
  /** Asks the reader's other devices for the secret; `stores.encryption` has how it goes on. */
  askHandover(): Promise<void>;
  /** Lets the device that asks go on; the code to compare comes next. */
  answerHandover(id: string): Promise<void>;
  /** Both screens show the same code. */
  confirmHandover(): Promise<void>;
  /** Ends it on both devices, as where the codes differ; or puts the ended one away. */
  cancelHandover(): Promise<void>;
  /**
   * Begins anew with another identity. What was sealed for the former one can be opened on no device any more, and everyone
   * is warned of the change. It takes the present password, or without one a sign-in of the last ten minutes.
   */
  reset(password?: string): Promise<{ readonly recoveryKey: string }>;

  /** Null while one of the two has no identity. */
  safetyNumber(userId: string): Promise<SafetyNumber | null>;
  /** What a camera has read on the other person's screen, beside what this one would show. */
  compare(userId: string, scanned: string): Promise<Comparison>;
  /**
   * The numbers that were shown last are the same, or one is not sure of it any more. Rejects with `key_changed` where there is
   * another key by now.
   */
  verify(userId: string, isSame: boolean): Promise<void>;
  /**
   * What a view shows of who reads along from here on: nothing is sealed for newcomers before, and whoever it was sealed for is
   * none any more once nobody is shown.
   */
  showReaders(conversationId: string, userIds: readonly string[]): Promise<void>;
  /** Goes on with people who were not there before, or with another partner; what waits for it goes out. */
  acceptReaders(conversationId: string, userIds: readonly string[]): Promise<void>;
  /** Goes on with somebody's other key; what they sealed with it opens, and what waits for it goes out. */
  acceptChangedKey(userId: string): Promise<void>;

  /** The content of a sealed attachment, fetched and opened; shared by those who show it at the same time. */
  openFile(attachment: Attachment, signal?: AbortSignal): Promise<OpenedFile>;
  /** Messages that were opened on this device, by what they say; the best first, at most 100. */
  search(search: string, conversationId: string | null): Promise<readonly FoundMessage[]>;
}

export function createEncryption(
  seals: () => Seals,
  conversation: (id: string) => OwnConversation | null,
): Encryption {
  const engine = async () => await (await seals().engine()).known();
  return {
    setUp: async () => ({ recoveryKey: await (await engine()).own.setUp() }),
    confirmRecoveryKey: async (text) => await (await engine()).own.isRecoveryKey(text),
    renewRecoveryKey: async (password) => ({ recoveryKey: await (await engine()).own.renewRecoveryKey(password) }),
    addPasskey: async (label) => await (await engine()).passkeys.add(label),
    removeWrap: async (id, password) => await (await engine()).own.removeWrap(id, password),

    restoreWithRecoveryKey: async (text) => {
      const { own } = await engine();
      await own.look();
      await own.restore(await own.secretByRecoveryKey(text));
    },
    restoreWithPasskey: async () => {
      const { own, passkeys } = await engine();
      await own.restore(await passkeys.secret());
    },
    askHandover: async () => await (await engine()).handing.ask(),
    answerHandover: async (id) => await (await engine()).handing.answer(id),
    confirmHandover: async () => await (await engine()).handing.confirm(),
    cancelHandover: async () => await (await engine()).handing.cancel(),
    reset: async (password) => {
      const { own } = await engine();
      await own.look();
      return { recoveryKey: await own.setUp(password) };
    },

    safetyNumber: async (userId) => await (await engine()).safetyNumber(userId),
    compare: async (userId, scanned) => await (await engine()).compare(userId, scanned),
    verify: async (userId, isSame) => await (await engine()).verify(userId, isSame),
    showReaders: async (conversationId, userIds) => (await engine()).rooms.showReaders(conversationId, userIds),
    acceptReaders: async (conversationId, userIds) => await (await engine()).rooms.acceptReaders(conversationId, userIds),
    acceptChangedKey: async (userId) => await (await engine()).acceptChangedKey(userId),

    openFile: async (attachment, signal) => await (await engine()).files.open(attachment, signal),
    search: async (search, conversationId) => await (await engine()).history.search(search, conversationId, conversation),
  };
}
