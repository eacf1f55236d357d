/** What a person can do with their own account, beyond talking. */

import { wishingForPrf } from "../crypto/passkey_prf.ts";
import type { DataExport, Device, Identity, Passkey, Provider, Security } from "../model/security.ts";
import type { User } from "../model/user.ts";
import { ApiError } from "../protocol/errors.ts";
import { createPasskey } from "../protocol/passkeys.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Progress } from "../protocol/upload.ts";
import { withPerson, withoutPerson } from "../stores/relations.ts";
import type { Stores } from "../stores/stores.ts";
import { withUsers } from "../stores/users.ts";
import type { Session } from "./session.ts";

/** Those who are kept, and those who are kept away. */
type Relation = "contacts" | "blocked";

/** By what somebody is added to the contacts. */
export type ContactKey = { readonly username: string } | { readonly phone: string } | { readonly user_id: string };

/**
 * Every method rejects with `ApiError` when the server refuses or cannot be reached. `password` proves that it is the
 * person themselves; needed where the account has one.
 */
export interface Settings {
  changeAvatar(picture: Blob, onProgress: Progress): Promise<void>;
  removeAvatar(): Promise<void>;

  /** Has the mail with the link to confirm the address sent again. */
  askEmailConfirmation(): Promise<void>;
  /** Has a mail sent to the present address, with the link to the page that takes another. */
  askEmailChange(): Promise<void>;
  /** For an account without an address. */
  addEmail(email: string, password?: string): Promise<void>;
  requestPhoneCode(phone: string): Promise<void>;
  addPhone(phone: string, code: string): Promise<void>;
  removePhone(password?: string): Promise<void>;

  lastExport(): Promise<DataExport | null>;
  startExport(): Promise<DataExport>;
  /** Nobody is signed in after it. */
  deleteAccount(password?: string): Promise<void>;

  /** These two read into `stores.relations`. */
  loadContacts(): Promise<void>;
  loadBlocked(): Promise<void>;
  addContact(key: ContactKey): Promise<User>;
  removeContact(userId: string): Promise<void>;
  block(userId: string): Promise<void>;
  unblock(userId: string): Promise<void>;

  devices(): Promise<readonly Device[]>;
  signOutDevice(id: string): Promise<void>;
  signOutOthers(): Promise<void>;

  security(): Promise<Security>;
  /** Without `old` where there is none yet. All other sessions end. */
  changePassword(change: { readonly old?: string; readonly fresh: string; readonly repeated: string }): Promise<void>;
  removePassword(password?: string): Promise<void>;
  startTotp(password?: string): Promise<{ readonly secret: string; readonly uri: string }>;
  /** Resolves with the recovery codes, which are told this once. */
  confirmTotp(code: string): Promise<readonly string[]>;
  removeTotp(password?: string): Promise<void>;
  renewRecoveryCodes(password?: string): Promise<readonly string[]>;
  /** Resolves with recovery codes where new ones were made. */
  setSecondStep(on: boolean, password?: string): Promise<readonly string[]>;

  /** Has the browser make a passkey; rejects with what the browser says where the person gives up. */
  addPasskey(name: string, password?: string): Promise<Passkey>;
  renamePasskey(id: string, name: string): Promise<Passkey>;
  removePasskey(id: string, password?: string): Promise<void>;

  identities(): Promise<readonly Identity[]>;
  offeredProviders(): Promise<readonly Provider[]>;
  /** Resolves with the address to go to. */
  connect(provider: string): Promise<string>;
  disconnect(provider: string): Promise<void>;
}

export function createSettings(stores: Stores, rest: Rest, session: Session): Settings {
  const { relations } = stores;

  async function load(relation: Relation, read: () => Promise<readonly User[]>): Promise<void> {
    try {
      const people = await read();
      stores.users.setState((state) => withUsers(state, people));
      relations.setState({ [relation]: { status: "ready", people } });
    } catch (error) {
      if (relations.getState()[relation].status !== "ready") relations.setState({ [relation]: { status: "failed" } });
      throw error;
    }
  }

  const add = (relation: Relation, person: User) => {
    stores.users.setState((state) => withUsers(state, [person]));
    relations.setState((state) => withPerson(state, relation, person));
  };
  const drop = (relation: Relation, userId: string) =>
    relations.setState((state) => withoutPerson(state, relation, userId));

  return {
    changeAvatar: async (picture, onProgress) => session.update(await rest.putAvatar(picture, onProgress)),
    removeAvatar: async () => session.update(await rest.removeAvatar()),

    askEmailConfirmation: async () => void (await rest.askEmailConfirmation()),
    askEmailChange: async () => void (await rest.askEmailChange()),
    addEmail: async (email, password) => {
      await rest.setEmail({ email, ...proof(password) });
      session.update(await rest.me());
    },
    requestPhoneCode: async (phone) => void (await rest.requestPhoneCode(phone)),
    addPhone: async (phone, code) => session.update(await rest.addPhone(phone, code)),
    removePhone: async (password) => session.update(await rest.removePhone(proof(password))),

    lastExport: rest.lastExport,
    startExport: rest.startExport,
    deleteAccount: async (password) => {
      await rest.deleteMe(proof(password));
      await session.leave();
    },

    loadContacts: async () => await load("contacts", rest.contacts),
    loadBlocked: async () => await load("blocked", rest.blocks),
    addContact: async (key) => {
      const person = await rest.addContact(key);
      add("contacts", person);
      return person;
    },
    removeContact: async (userId) => {
      await unlessGone(rest.removeContact(userId));
      drop("contacts", userId);
    },
    block: async (userId) => add("blocked", await rest.block(userId)),
    unblock: async (userId) => {
      await unlessGone(rest.unblock(userId));
      drop("blocked", userId);
    },

    devices: rest.devices,
    signOutDevice: async (id) => void (await rest.signOutDevice(id)),
    signOutOthers: async () => void (await rest.signOutOthers()),

    security: rest.security,
    changePassword: async ({ old, fresh, repeated }) =>
      void (await rest.changePassword({ ...proof(old), new_password: fresh, new_password_confirmation: repeated })),
    removePassword: async (password) => void (await rest.removePassword(proof(password))),
    startTotp: async (password) => await rest.startTotp(proof(password)),
    confirmTotp: async (code) => (await rest.confirmTotp(code)).recovery_codes,
    removeTotp: async (password) => {
      await rest.removeTotp(proof(password));
      session.update(await rest.me());
    },
    renewRecoveryCodes: async (password) => (await rest.renewRecoveryCodes(proof(password))).recovery_codes,
    setSecondStep: async (on, password) => (await rest.setSecondStep({ on, ...proof(password) })).recovery_codes,

    addPasskey: async (name, password) => {
      const { token, options } = await rest.passkeyOptions(proof(password));
      return await rest.addPasskey({ token, name, credential: await createPasskey(wishingForPrf(options)) });
    },
    renamePasskey: rest.renamePasskey,
    removePasskey: async (id, password) => void (await rest.removePasskey(id, proof(password))),

    identities: rest.identities,
    offeredProviders: rest.offeredProviders,
    connect: rest.startLinking,
    disconnect: async (provider) => void (await rest.unlink(provider)),
  };
}

/** Whoever was let go elsewhere meanwhile is let go. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

function proof(password: string | undefined): { password?: string } {
  return password === undefined ? {} : { password };
}
