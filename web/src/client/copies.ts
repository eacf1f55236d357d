/** The copies of conversations in the stores: the one place where they are read as a whole and written back. */

import type { OwnConversation, Preferences } from "../model/conversation.ts";
import { applyEvent, type Roster, type Snapshot, type Stretch } from "../model/convergence.ts";
import type { ConversationEvent } from "../model/events.ts";
import type { Message } from "../model/message.ts";
import { mergeMessages, withinWindow } from "../model/history.ts";
import { mergeReadSeqs, withOthersReading, withOwnReading } from "../model/reading.ts";
import type { User } from "../model/user.ts";
import { withConversations, withoutConversation } from "../stores/conversations.ts";
import type { OpenThread, ThreadState } from "../stores/state.ts";
import type { Stores } from "../stores/stores.ts";
import { isSame, withUsers } from "../stores/users.ts";

/** What can change in a row without a change of its `head_seq`, and the head itself. */
const ownFields = [
  "head_seq",
  "read_seq",
  "unread",
  "mentions",
  "others_read_seq",
  "role",
  "member_count",
] as const;

export class Copies {
  readonly myId: string;
  private readonly stores: Stores;

  constructor(stores: Stores, myId: string) {
    this.stores = stores;
    this.myId = myId;
  }

  get(id: string): Snapshot | null {
    const conversation = this.row(id);
    return conversation === null ? null : { conversation, stretch: this.stretch(id), roster: this.roster(id) };
  }

  row(id: string): OwnConversation | null {
    return this.stores.conversations.getState().byId[id] ?? null;
  }

  /** Who is there now, oneself included; null: it is not known. */
  membersOf(id: string): readonly string[] | null {
    const row = this.row(id);
    if (row?.kind === "private") return row.peer === null ? [this.myId] : [this.myId, row.peer.id];
    const members = this.roster(id)?.members.filter(({ left }) => !left);
    return members?.map((member) => member.user_id) ?? null;
  }

  /** A message in a thread that is loaded. */
  find(messageId: string): Message | null {
    for (const thread of Object.values(this.stores.threads.getState().byConversation)) {
      const found = thread.status === "open" && thread.messages.find(({ id }) => id === messageId);
      if (found) return found;
    }
    return null;
  }

  thread(id: string): ThreadState | null {
    return this.stores.threads.getState().byConversation[id] ?? null;
  }

  openThread(id: string): OpenThread | null {
    const thread = this.thread(id);
    return thread?.status === "open" ? thread : null;
  }

  /** Applies an event to every piece that it follows upon; answers whether some piece lacks changes before it. */
  hear(id: string, event: ConversationEvent): boolean {
    const snapshot = this.get(id);
    if (snapshot === null) return false;
    const { snapshot: next, missed } = applyEvent(snapshot, event, this.myId);
    this.put(id, next);
    return missed;
  }

  put(id: string, { conversation, stretch, roster }: Snapshot): void {
    if (conversation !== this.row(id)) this.putRow(conversation);
    if (stretch !== null) this.patchThread(id, { head: stretch.head, messages: stretch.messages });
    if (roster !== null) this.putRoster(id, roster);
  }

  /**
   * Takes the server's rows where they are not older than the copies'. The reader's own pointer stays where it is ahead:
   * `unheard` names those conversations, of whose reading the server has yet to hear.
   */
  adopt(fresh: readonly OwnConversation[]): { readonly unheard: readonly string[] } {
    this.putUsers(fresh.flatMap((row) => (row.peer === null ? [] : [row.peer])));
    const current = fresh.filter((row) => row.head_seq >= (this.row(row.id)?.head_seq ?? 0));
    const unheard = fresh.filter((row) => row.read_seq < (this.row(row.id)?.read_seq ?? 0)).map((row) => row.id);
    for (const row of current) this.moveLine(row);
    const rows = current.map((row) => this.keepingPointer(row)).filter((row) => !this.isKnown(row));
    if (rows.length > 0) this.stores.conversations.setState((state) => withConversations(state, rows));
    return { unheard };
  }

  remove(id: string): void {
    this.stores.conversations.setState((state) => withoutConversation(state, id));
    this.stores.threads.setState(({ byConversation }) => ({ byConversation: without(byConversation, id) }));
    this.stores.memberships.setState(({ byConversation }) => ({ byConversation: without(byConversation, id) }));
    this.stores.typing.setState(({ byConversation }) => ({ byConversation: without(byConversation, id) }));
    this.stores.pins.setState(({ byConversation }) => ({ byConversation: without(byConversation, id) }));
  }

  putThread(id: string, thread: ThreadState): void {
    this.stores.threads.setState((state) => ({ byConversation: { ...state.byConversation, [id]: thread } }));
  }

  patchThread(id: string, patch: Partial<OpenThread>): void {
    const thread = this.openThread(id);
    if (thread === null) return;
    const isNews = Object.entries(patch).some(([name, value]) => thread[name as keyof OpenThread] !== value);
    if (isNews) this.putThread(id, { ...thread, ...patch });
  }

  /** Lays over an open thread what an answer told of some messages; the head stays, since it does not tell of the others. */
  takeIn(id: string, messages: readonly Message[]): void {
    const stretch = this.stretch(id);
    if (stretch === null) return;
    this.patchThread(id, { messages: mergeMessages(stretch.messages, withinWindow(stretch, messages)) });
  }

  putUsers(users: readonly User[]): void {
    this.stores.users.setState((state) => withUsers(state, users));
  }

  /** How the reader keeps a conversation, on this device or another. */
  putPreferences(id: string, preferences: Preferences): void {
    const row = this.row(id);
    if (row !== null) this.putRow({ ...row, preferences });
  }

  putStars(ids: readonly string[]): void {
    this.stores.stars.setState({ ids: new Set(ids) });
  }

  putStar(messageId: string, isStarred: boolean): void {
    this.stores.stars.setState(({ ids }) => {
      const others = [...ids].filter((id) => id !== messageId);
      return { ids: new Set(isStarred ? [...others, messageId] : others) };
    });
  }

  /**
   * The server tells how far people have read, the reader on another device included. False: the unread count could not
   * be told from what is loaded.
   */
  putReadSeqs(id: string, readSeqs: Readonly<Record<string, number>>): boolean {
    const row = this.row(id);
    if (row === null) return true;
    const { [this.myId]: own = 0, ...others } = readSeqs;
    const read = withOwnReading(row, own, this.stretch(id), this.myId);
    this.moveLine(read.conversation);
    const next = withOthersReading(read.conversation, Math.max(0, ...Object.values(others)));
    if (next !== row) this.putRow(next);
    const thread = this.openThread(id);
    if (thread !== null) this.patchThread(id, { readSeqs: mergeReadSeqs(thread.readSeqs, readSeqs) });
    return read.isExact;
  }

  /** The reader has read up to there on this screen, where the unread line stays. False: as above. */
  readHere(id: string, seq: number): boolean {
    const row = this.row(id);
    if (row === null) return true;
    const read = withOwnReading(row, seq, this.stretch(id), this.myId);
    if (read.conversation !== row) this.putRow(read.conversation);
    return read.isExact;
  }

  private putRow(row: OwnConversation): void {
    this.stores.conversations.setState((state) => withConversations(state, [row]));
  }

  /** The unread line of a thread that was opened, or left at its end, before reading went on elsewhere or messages came unheard. */
  private moveLine(fresh: OwnConversation): void {
    const row = this.row(fresh.id);
    const thread = this.openThread(fresh.id);
    if (row === null || thread === null) return;
    const { unread, read_seq } = this.keepingPointer(fresh);
    const isReadElsewhere = thread.unreadAfter !== null && fresh.read_seq > row.read_seq;
    const hadNothingUnread = thread.unreadAfter === null || row.unread === 0;
    const cameUnheard = hadNothingUnread && unread > 0 && fresh.head_seq > row.head_seq;
    if (isReadElsewhere || cameUnheard) this.patchThread(fresh.id, { unreadAfter: unread > 0 ? read_seq : null });
  }

  private keepingPointer(fresh: OwnConversation): OwnConversation {
    const readSeq = this.row(fresh.id)?.read_seq ?? 0;
    return withOwnReading(fresh, readSeq, this.stretch(fresh.id), this.myId).conversation;
  }

  // After a reconnection every conversation is answered anew, and most of the rows say nothing new.
  private isKnown(fresh: OwnConversation): boolean {
    const row = this.row(fresh.id);
    if (row === null || ownFields.some((field) => row[field] !== fresh[field])) return false;
    if (!isEqual(row.preferences, fresh.preferences)) return false;
    // What a person is called and looks like changes without a change of the conversation.
    return fresh.peer === null || isSame(row.peer ?? undefined, fresh.peer);
  }

  private stretch(id: string): Stretch | null {
    const thread = this.openThread(id);
    if (thread === null) return null;
    const { head, messages, older, newer } = thread;
    return { head, messages, reachesStart: older.status === "start", reachesEnd: newer.status === "end" };
  }

  private roster(id: string): Roster | null {
    const members = this.stores.memberships.getState().byConversation[id];
    return members?.status === "ready" ? { head: members.head, members: members.members } : null;
  }

  private putRoster(id: string, roster: Roster): void {
    if (roster.head === this.roster(id)?.head) return;
    this.stores.memberships.setState((state) => ({
      byConversation: { ...state.byConversation, [id]: { status: "ready", ...roster } },
    }));
  }
}

function isEqual(one: Preferences, other: Preferences): boolean {
  return (Object.keys(other) as (keyof Preferences)[]).every((name) => one[name] === other[name]);
}

function without<Value>(byId: Readonly<Record<string, Value>>, id: string): Readonly<Record<string, Value>> {
  const { [id]: _gone, ...rest } = byId;
  return rest;
}
