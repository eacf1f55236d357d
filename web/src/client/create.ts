/** Puts a client together. */

import { ApiError } from "../protocol/errors.ts";
import { Http } from "../protocol/http.ts";
import { type ConversationDraft, createRest } from "../protocol/rest.ts";
import { createStores } from "../stores/stores.ts";
import { withUsers } from "../stores/users.ts";
import type { Client } from "./client.ts";
import { createEncryption } from "./encryption.ts";
import { admit, createEntrance } from "./entrance.ts";
import { createInvites } from "./invites.ts";
import { createModeration } from "./moderation.ts";
import { browserEnvironment, type Environment } from "./environment.ts";
import { createMessages } from "./messages.ts";
import { Preferences, savedPreferences } from "./preferences.ts";
import { createNoticeDesk } from "./notice_desk.ts";
import { pendingMessage } from "./outgoing.ts";
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
    openThread: (id) => {
      void account().threads.open(id);
      account().keeping.seen(id);
    },
    closeThread: (id) => {
      if (session.isSignedIn()) account().threads.close(id);
    },
    loadOlder: async (id) => await account().threads.older(id),
    loadNewer: async (id) => await account().threads.newer(id),
    loadAround: async (id, place) => await account().threads.around(id, place),
    loadLatest: async (id) => await account().threads.latest(id),
    goTo: (conversationId, place) => stores.places.setState({ wanted: { conversationId, place } }),

    send: async (conversationId, content, replyTo = null, enclosure = {}) => {
      const { copies, outbox, threads, typing } = account();
      void threads.latest(conversationId).catch(() => undefined);
      typing.finish(conversationId);
      const encrypted = copies.row(conversationId)?.encrypted === true;
      const item = pendingMessage({ conversationId, content, replyTo, encrypted }, enclosure);
      await outbox.add(item);
      return item.clientRef;
    },
    retry: async (clientRef) => await account().outbox.retry(clientRef),
    discard: async (clientRef) => await account().outbox.discard(clientRef),
    replaceFile: async (clientRef, file, content) => await account().outbox.replaceFile(clientRef, file, content),
    get schedule() {
      return account().schedule;
    },
    edit: async (messageId, content, conversationId) => {
      const { copies, seals, say } = account();
      // What a message says of itself is the server's word; that the conversation is encrypted is known here.
      if (copies.row(conversationId)?.encrypted) {
        const known = copies.openThread(conversationId)?.messages.find(({ id }) => id === messageId) ?? null;
        // It may have gone out of the thread meanwhile: what it says now is not told in the open for that.
        if (known === null) throw new ApiError({ status: 0, code: "no_copy", detail: "This message is not loaded here." });
        const encrypted_messages = await seals.sealEdit(known, content);
        await say(conversationId, "edit_message", { message_group_id: known.id, encrypted_messages });
        return;
      }
      const message = await rest.editMessage(messageId, content);
      copies.takeIn(message.conversation_id, [message]);
    },
    remove: async (messageId) => await rest.deleteMessage(messageId),
    messages: createMessages(rest, account),
    encryption: createEncryption(
      () => account().seals,
      (id) => account().copies.row(id),
    ),

    get voice() {
      return account().voice;
    },

    startTyping: (id) => account().typing.start(id),
    finishTyping: (id) => {
      if (session.isSignedIn()) account().typing.finish(id);
    },
    markRead: (id, seq) => account().reading.mark(id, seq),
    draft: (id) => account().drafts.get(id),
    saveDraft: (id, text) => account().drafts.save(id, text),
    draftReply: (id) => account().drafts.reply(id),
    saveDraftReply: (id, message) => account().drafts.saveReply(id, message),

    createRoom: async (draft) => await create({ kind: "room", ...draft }),
    createGroup: async ({ description, ...draft }) => {
      const id = await create({ kind: "group", ...draft });
      // A group is begun without one.
      if (description !== undefined) account().copies.adopt([await rest.updateConversation(id, { description })]);
      return id;
    },
    createPrivate: async (userId, { encrypted = false } = {}) =>
      encrypted ? await createSealedPrivate(userId) : await create({ kind: "private", user_ids: [userId] }),
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

    keep: async (id, change) => await account().keeping.change(id, change),
    invites: createInvites(rest, session),
    moderation: createModeration(rest, session),
    media: async (id, kind, pageToken) => {
      const page = await rest.media(id, kind, pageToken);
      stores.users.setState((state) => withUsers(state, page.users));
      return page;
    },

    loadMembers: async (id) => await account().memberships.load(id),
    addMembers: async (id, userIds) => void (await rest.addMembers(id, userIds)),

    searchUsers: async (search, pageToken) => {
      const page = await rest.users(search, pageToken);
      stores.users.setState((state) => withUsers(state, page.items));
      return page;
    },
    searchMessages: async (search, conversationId, pageToken) => {
      const { messages, users } = await rest.search(search, conversationId, pageToken);
      stores.users.setState((state) => withUsers(state, users));
      return messages;
    },
    searchRooms: async ({ search, ...query }) =>
      await rest.rooms({ ...query, ...(search === undefined ? {} : { q: search }) }),

    notices: createNoticeDesk({ rest, environment, notices: () => account().notices }),

    hasPutOffConfirming: (email) => environment.storage.getItem(putOffKey) === email,
    putOffConfirming: (email) => environment.storage.setItem(putOffKey, email),

    setTheme: (theme) => preferences.change({ theme }, session.isSignedIn()),
    setMagnification: (magnification) => preferences.change({ magnification }, session.isSignedIn()),
    setHidden: (hidden) => {
      preferences.change({ hidden }, session.isSignedIn());
      if (session.isSignedIn()) account().sync.tellHidden(hidden);
    },
  };

  /** Two people have one encrypted chat at most, which the server does not simply answer with. */
  async function createSealedPrivate(userId: string): Promise<string> {
    try {
      return await create({ kind: "private", user_ids: [userId], encrypted: true });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "conversation_already_exists") throw error;
      const { conversation_id: id } = await rest.privateWith(userId, true);
      if (id === null) throw error;
      account().sync.found(await rest.conversation(id));
      return id;
    }
  }

  async function create(draft: ConversationDraft): Promise<string> {
    // Nothing could be said there.
    if (draft.encrypted) (await (await account().seals.engine()).known()).own.requireUnlocked();
    const row = await rest.createConversation(draft);
    account().sync.found(row);
    return row.id;
  }
}
