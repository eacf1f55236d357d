/**
 * Keeping the copies current: reads the list, joins every conversation, and applies what the topics tell.
 *
 * The list is read when the own topic is joined, at every connection anew: from then on that topic tells of each
 * conversation that comes or goes, and the list has those that came or went before.
 */

import type { OwnConversation } from "../model/conversation.ts";
import { holeAfter } from "../model/convergence.ts";
import type { ConversationEvent } from "../model/events.ts";
import type { Message } from "../model/message.ts";
import type { Ring } from "../model/voice.ts";
import { titleOf } from "../model/titles.ts";
import type { User } from "../model/user.ts";
import {
  type Ending,
  type JoinedConversation,
  joinConversation,
  joinSystem,
  joinUser,
  type TopicChannel,
  type UserHandlers,
} from "../protocol/channels.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Connection } from "../protocol/socket.ts";
import { withPeer } from "../stores/conversations.ts";
import type { Stores } from "../stores/stores.ts";
import type { Catchup } from "./catchup.ts";
import type { Copies } from "./copies.ts";
import type { Hearing } from "./hearing.ts";
import type { Reading } from "./reading.ts";
import type { Strangers } from "./strangers.ts";
import type { Typing } from "./typing.ts";

export interface SyncOptions {
  readonly stores: Stores;
  readonly rest: Pick<Rest, "conversations" | "conversation">;
  readonly connection: Pick<Connection, "socket">;
  readonly copies: Copies;
  readonly catchup: Catchup;
  readonly hearing: Hearing;
  readonly reading: Reading;
  readonly typing: Typing;
  readonly strangers: Strangers;
  readonly onProfile: UserHandlers["onProfile"];
  readonly onSchedule: UserHandlers["onSchedule"];
  readonly onIdentity: UserHandlers["onIdentity"];
  readonly onHandover: UserHandlers["onHandover"];
  /** All that rings, whenever the connection is new. */
  readonly onRings: (rings: readonly Ring[]) => void;
  readonly onRing: UserHandlers["onRing"];
  readonly onRingEnded: UserHandlers["onRingEnded"];
  /** Who is in the voice channel of a conversation. */
  readonly onVoice: (conversationId: string, userIds: readonly string[]) => void;
  /** The list of conversations was read. */
  readonly onListed: () => void;
  readonly onJoined: (conversationId: string, joined: JoinedConversation) => void;
  /** After the copies have heard it. */
  readonly onEvent: (conversationId: string, event: ConversationEvent) => void;
  readonly onGone: (conversationId: string) => void;
  /** A message has just come. */
  readonly onNews: (conversationId: string, message: Message) => void;
}

/** How long the list waits for the socket before it is read without it. */
const patience_ms = 2_000;

export class Sync {
  private readonly options: SyncOptions;
  private readonly channels = new Map<string, TopicChannel>();
  private system: TopicChannel | null = null;
  private listing = Promise.resolve();
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SyncOptions) {
    this.options = options;
  }

  start(): void {
    const { stores, connection, copies, reading, onProfile, onSchedule, onIdentity, onHandover } = this.options;
    const { onRings, onRing, onRingEnded } = this.options;
    this.system = joinSystem(connection.socket, {
      isHidden: () => stores.preferences.getState().hidden,
      onPresence: (online) => stores.presence.setState({ online }),
      onUser: (user) => this.redraw(user),
      onDisplayName: (userId, displayName) => this.rename(userId, displayName),
    });
    joinUser(connection.socket, copies.myId, {
      onJoined: (rings) => {
        onRings(rings);
        void this.readList();
      },
      onNewConversation: (conversation) => this.join(conversation.id),
      onConversationEnded: (ending) => this.ended(ending),
      onRead: (pointer) => reading.hear(pointer.conversation_id, pointer.read_seq),
      onProfile,
      onPreferences: (id, preferences) => copies.putPreferences(id, preferences),
      onStar: (messageId, isStarred) => copies.putStar(messageId, isStarred),
      onSchedule,
      onSealed: (id, event) => this.apply(id, event),
      onIdentity,
      onHandover,
      onRing,
      onRingEnded,
    });
    this.patience = setTimeout(() => void this.readList(), patience_ms);
  }

  stop(): void {
    clearTimeout(this.patience);
  }

  channel(id: string): TopicChannel | null {
    return this.channels.get(id) ?? null;
  }

  tellHidden(hidden: boolean): void {
    // Not joined: the next join tells it.
    if (this.system?.isJoined()) void this.system.push("set_hidden", { hidden }).catch(() => undefined);
  }

  /** Takes in a conversation that an answer told of, and follows it. */
  found(row: OwnConversation): void {
    this.options.copies.adopt([row]);
    this.join(row.id);
  }

  join(id: string): void {
    if (this.channels.has(id)) return;
    const { connection, copies, typing, reading } = this.options;
    const channel = joinConversation(connection.socket, id, {
      since: () => {
        const snapshot = copies.get(id);
        return snapshot === null ? null : (holeAfter(snapshot) ?? snapshot.conversation.head_seq);
      },
      onJoined: (joined) => this.joined(id, joined),
      onRefused: (error) => this.refused(id, error),
      onClosed: () => void this.closed(id),
      onEvent: (event) => this.apply(id, event),
      onTyping: (userId, isTyping) => typing.hear(id, userId, isTyping),
      onRead: ({ user_id, read_seq }) => {
        if (user_id === copies.myId) reading.hear(id, read_seq);
        else copies.putReadSeqs(id, { [user_id]: read_seq });
      },
      onVoice: (userIds) => this.options.onVoice(id, userIds),
    });
    this.channels.set(id, channel);
  }

  /** The conversation is no more, or no more for this person. */
  forget(id: string): void {
    this.channels.get(id)?.leave();
    this.channels.delete(id);
    this.options.copies.remove(id);
    this.options.onGone(id);
  }

  /** Reads the whole list, after a reading that is under way. Never rejects: the state of the list tells. */
  readList(): Promise<void> {
    clearTimeout(this.patience);
    this.listing = this.listing.then(() => this.readPages());
    return this.listing;
  }

  private async readPages(): Promise<void> {
    const { stores } = this.options;
    const before = Object.keys(stores.conversations.getState().byId);
    const listed = new Set<string>();
    try {
      // What is said meanwhile brings its conversation to the front, and away from a page that is yet to be read.
      if ((await this.readOn(listed)) > 1) await this.readOn(listed);
      stores.conversations.setState({ status: "ready" });
      for (const id of listed) this.join(id);
      for (const id of before) if (!listed.has(id)) await this.lookFor(id);
      this.options.onListed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (stores.conversations.getState().status === "loading") stores.conversations.setState({ status: "failed" });
    }
  }

  /** Takes in the list from its front to its end, or to a page that has nothing new; answers how many pages that were. */
  private async readOn(listed: Set<string>): Promise<number> {
    const { rest, copies } = this.options;
    let pages = 0;
    for (let token: string | null | undefined = undefined; token !== null; pages += 1) {
      const page = await rest.conversations(token);
      copies.adopt(page.items);
      const isKnown = page.items.every((row) => listed.has(row.id));
      for (const row of page.items) listed.add(row.id);
      token = isKnown ? null : page.page_token;
    }
    return pages;
  }

  private ended({ conversation_id: id, reason, note }: Ending): void {
    const { copies, stores } = this.options;
    const row = copies.row(id);
    // Only its owner deletes a conversation, and knows.
    const isOwn = reason === "left" || (reason === "deleted" && row?.role === "owner");
    if (row !== null && !isOwn) {
      const parting = { conversationId: id, title: titleOf(row), reason, note };
      stores.partings.setState(({ untold }) => ({ untold: [...untold, parting] }));
    }
    this.forget(id);
  }

  private joined(id: string, joined: JoinedConversation): void {
    const { copies, catchup, typing, reading, onJoined } = this.options;
    copies.putUsers(joined.users);
    const { unheard } = copies.adopt([joined.conversation]);
    copies.putReadSeqs(id, joined.read_seqs);
    typing.hearAll(id, joined.typing);
    this.options.onVoice(id, joined.voice ?? []);
    if (joined.changes?.complete) catchup.apply(id, joined.changes);
    onJoined(id, joined);
    void catchup.run(id);
    if (unheard.length > 0) reading.tell(id);
  }

  private refused(id: string, error: ApiError): void {
    // Other refusals pass (a restart, a limit): the channel joins again by itself.
    if (error.code === "no_conversation" || error.code === "not_found") this.forget(id);
  }

  // The topic is closed for one who left or was removed, but it may also be that the server only let go of it.
  private async closed(id: string): Promise<void> {
    this.channels.delete(id);
    await this.lookFor(id);
  }

  private async lookFor(id: string): Promise<void> {
    try {
      this.found(await this.options.rest.conversation(id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) this.forget(id);
    }
  }

  private apply(id: string, event: ConversationEvent): void {
    const { copies, hearing, typing, strangers, onEvent } = this.options;
    if (event.type === "join_conversation") copies.putUsers(event.members.map((member) => member.user));
    if (event.type === "new_message") {
      this.options.onNews(id, event.message);
      typing.hear(id, event.message.sender, false);
      strangers.met(id, event.message.sender, event.seq);
      if (event.message.forwarded_from) strangers.met(id, event.message.forwarded_from.sender, event.seq);
    }
    if (event.type === "react" || event.type === "vote") strangers.met(id, event.user_id, event.seq);
    hearing.hear(id, event);
    onEvent(id, event);
  }

  private redraw(user: User): void {
    const { stores, copies } = this.options;
    const known = stores.users.getState().byId[user.id];
    // What is said to everyone has no address; one that is known stays, for as long as the account does.
    const { email, ...looks } = user;
    const changed = user.is_deleted ? { ...looks, email } : looks;
    if (known !== undefined) copies.putUsers([{ ...known, ...changed }]);
    stores.conversations.setState((state) => withPeer(state, changed));
  }

  private rename(userId: string, display_name: string): void {
    const { stores, copies } = this.options;
    const user = stores.users.getState().byId[userId];
    if (user !== undefined) copies.putUsers([{ ...user, display_name }]);
    stores.conversations.setState((state) => withPeer(state, { id: userId, display_name }));
  }
}
