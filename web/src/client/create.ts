/** Puts a client together. */

import { ApiError } from "../protocol/errors.ts";
import { Http } from "../protocol/http.ts";
import { type ConversationDraft, createRest } from "../protocol/rest.ts";
import { createStores } from "../stores/stores.ts";
import { withUsers } from "../stores/users.ts";
import type { Client } from "./client.ts";
import { admit, createEntrance } from "./entrance.ts";
import { browserEnvironment, type Environment } from "./environment.ts";
import { Preferences, savedPreferences } from "./preferences.ts";
import { newClientRef } from "./refs.ts";
import { Session } from "./session.ts";
import { createSettings } from "./settings.ts";

/** The address whose confirmation the reader does not want to be reminded of. */
const putOffKey = "tertulia.unconfirmed";

export function createClient(environment: Environment = browserEnvironment()): Client {
  const stores = createStores(savedPreferences(environment.storage));
  const rest = createRest(
    new Http({
      origin: environment.origin,
      fetch: environment.fetch,
      readCookies: environment.readCookies,
      exclusively: environment.exclusively,
      storage: environment.storage,
      onSessionLost: () => {
        if (session.isSignedIn()) void session.lose();
      },
    }),
  );
  const preferences = new Preferences(stores.preferences, environment.storage, rest);
  const session = new Session(stores, rest, environment, preferences);

  /** Where to look before a request that would otherwise go out in nobody's name. */
  const account = () => session.current();

  return {
    stores,

    start: () => session.start(),
    stop: () => session.stop(),

    register: async (registration) => await session.enter(await rest.register(registration)),
    signIn: async ({ login, password }) => {
      const name = login.includes("@") ? { email: login } : { username: login };
      return await admit(session, rest.signIn({ ...name, password }));
    },
    signOut: async () => {
      // Signed out here even when the server cannot be told: the person may be about to walk away.
      await rest.signOut().catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      });
      await session.leave();
    },
    signOutEverywhere: async () => {
      await rest.signOutEverywhere();
      await session.leave();
    },
    updateMe: async (edit) => session.update(await rest.updateMe(edit)),
    entrance: createEntrance(rest, session),
    settings: createSettings(stores, rest, session),
    reconnect: () => account().connection.retryNow(),

    reloadConversations: async () => {
      if (stores.conversations.getState().status === "failed") stores.conversations.setState({ status: "loading" });
      await account().sync.readList();
    },
    openThread: (id) => void account().threads.open(id),
    closeThread: (id) => {
      if (session.isSignedIn()) account().threads.close(id);
    },
    loadOlder: async (id) => await account().threads.older(id),
    loadBackTo: async (id, messageId) => await account().threads.backTo(id, messageId),

    send: async (conversationId, content, replyTo = null) => {
      const clientRef = newClientRef();
      const { outbox, typing } = account();
      typing.finish(conversationId);
      const delivery = { status: "waiting" } as const;
      await outbox.add({ clientRef, conversationId, content, replyTo, queuedAt: Date.now(), delivery });
      return clientRef;
    },
    retry: async (clientRef) => await account().outbox.retry(clientRef),
    discard: async (clientRef) => await account().outbox.discard(clientRef),
    edit: async (messageId, content) => {
      const message = await rest.editMessage(messageId, content);
      account().copies.takeIn(message.conversation_id, [message]);
    },
    remove: async (messageId) => await rest.deleteMessage(messageId),

    startTyping: (id) => account().typing.start(id),
    finishTyping: (id) => {
      if (session.isSignedIn()) account().typing.finish(id);
    },
    markRead: (id, seq) => account().reading.mark(id, seq),
    draft: (id) => account().drafts.get(id),
    saveDraft: (id, text) => account().drafts.save(id, text),

    createRoom: async (draft) => await create({ kind: "room", ...draft }),
    createGroup: async (draft) => await create({ kind: "group", ...draft }),
    createPrivate: async (userId) => await create({ kind: "private", user_ids: [userId] }),
    joinRoom: async (id) => account().sync.found(await rest.joinRoom(id)),
    leave: async (id) => {
      await rest.leaveConversation(id);
      account().sync.forget(id);
    },
    updateConversation: async (id, edit) => {
      const row = await rest.updateConversation(id, edit);
      account().copies.adopt([row]);
      return row;
    },
    deleteConversation: async (id) => {
      await rest.deleteConversation(id);
      account().sync.forget(id);
    },

    loadMembers: async (id) => await account().memberships.load(id),
    addMembers: async (id, userIds) => void (await rest.addMembers(id, userIds)),
    removeMember: async (id, userId) => await rest.removeMember(id, userId),

    searchUsers: async (search, pageToken) => {
      const page = await rest.users(search, pageToken);
      stores.users.setState((state) => withUsers(state, page.items));
      return page;
    },
    searchRooms: async ({ search, ...query }) =>
      await rest.rooms({ ...query, ...(search === undefined ? {} : { q: search }) }),

    hasPutOffConfirming: (email) => environment.storage.getItem(putOffKey) === email,
    putOffConfirming: (email) => environment.storage.setItem(putOffKey, email),

    setTheme: (theme) => preferences.change({ theme }, session.isSignedIn()),
    setMagnification: (magnification) => preferences.change({ magnification }, session.isSignedIn()),
    setHidden: (hidden) => {
      preferences.change({ hidden }, session.isSignedIn());
      if (session.isSignedIn()) account().sync.tellHidden(hidden);
    },
  };

  async function create(draft: ConversationDraft): Promise<string> {
    const row = await rest.createConversation(draft);
    account().sync.found(row);
    return row.id;
  }
}
