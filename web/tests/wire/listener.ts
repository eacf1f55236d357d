/**
 * The client's topics joined over the npm `phoenix` client, with a wire on which the test speaks for the server,
 * and a record of which handler heard what.
 */

import { Socket } from "phoenix";
import { WebSocket } from "ws";
import {
  type ConversationHandlers,
  joinConversation,
  joinSystem,
  joinUser,
  type SystemHandlers,
  type UserHandlers,
} from "../../src/protocol/channels.ts";
import { joinVoice, type VoiceHandlers } from "../../src/protocol/voice_channel.ts";
import type { Frame } from "./golden.ts";

/** One call of a handler: `user.onProfile` with its arguments. */
export interface Heard {
  readonly handler: string;
  readonly args: readonly unknown[];
}

export class Listener {
  private readonly heard: Heard[] = [];
  private readonly wire: Wire;
  private readonly socket: Socket;

  /** Joins all topics, as each of these people; answers once the server has accepted. */
  static async on(conversationId: string, ...myIds: readonly string[]): Promise<Listener> {
    const listener = new Listener(conversationId, myIds);
    await listener.wire.accepted;
    return listener;
  }

  private constructor(conversationId: string, myIds: readonly string[]) {
    const wires: Wire[] = [];
    this.socket = new Socket("ws://server/socket", {
      transport: class extends Wire {
        constructor() {
          super(3 + myIds.length);
          wires.push(this);
        }
      },
    });
    this.socket.connect();
    this.wire = wires[0] as Wire;
    joinSystem(this.socket, {
      isHidden: () => false,
      onPresence: this.record("system.onPresence"),
      onUser: this.record("system.onUser"),
      onDisplayName: this.record("system.onDisplayName"),
    } satisfies SystemHandlers);
    for (const myId of myIds) this.joinUser(myId);
    joinConversation(this.socket, conversationId, {
      since: () => null,
      onJoined: () => undefined,
      onRefused: this.record("conversation.onRefused"),
      onClosed: this.record("conversation.onClosed"),
      onEvent: this.record("conversation.onEvent"),
      onTyping: this.record("conversation.onTyping"),
      onRead: this.record("conversation.onRead"),
      onVoice: this.record("conversation.onVoice"),
    } satisfies ConversationHandlers);
    joinVoice(this.socket, conversationId, {
      asking: () => ({}),
      onJoined: () => undefined,
      onRefused: this.record("voice.onRefused"),
      onLost: this.record("voice.onLost"),
      onClosed: this.record("voice.onClosed"),
      onComing: this.record("voice.onComing"),
      onLeaving: this.record("voice.onLeaving"),
      onState: this.record("voice.onState"),
      onDescription: this.record("voice.onDescription"),
      onCandidate: this.record("voice.onCandidate"),
      onRouted: this.record("voice.onRouted"),
      onDeclined: this.record("voice.onDeclined"),
    } satisfies VoiceHandlers);
  }

  /** Lets the server say a frame; answers which handlers heard it. */
  hear(frame: Frame): readonly Heard[] {
    this.heard.length = 0;
    this.wire.say(frame);
    return [...this.heard];
  }

  leave(): void {
    this.socket.disconnect();
  }

  private joinUser(myId: string): void {
    joinUser(this.socket, myId, {
      onJoined: () => undefined,
      onNewConversation: this.record("user.onNewConversation"),
      onConversationEnded: this.record("user.onConversationEnded"),
      onRead: this.record("user.onRead"),
      onProfile: this.record("user.onProfile"),
      onPreferences: this.record("user.onPreferences"),
      onStar: this.record("user.onStar"),
      onSchedule: this.record("user.onSchedule"),
      onSealed: this.record("user.onSealed"),
      onIdentity: this.record("user.onIdentity"),
      onHandover: this.record("user.onHandover"),
      onRing: this.record("user.onRing"),
      onRingEnded: this.record("user.onRingEnded"),
    } satisfies UserHandlers);
  }

  private record(handler: string): (...args: readonly unknown[]) => void {
    return (...args) => void this.heard.push({ handler, args });
  }
}

/** A WebSocket whose other end accepts every join. */
class Wire {
  readyState: number = WebSocket.CONNECTING;
  readonly bufferedAmount = 0;
  readonly accepted: Promise<void>;
  onopen: () => void = () => undefined;
  onmessage: (message: { readonly data: string }) => void = () => undefined;
  onclose: (event: { readonly code: number }) => void = () => undefined;
  private accept: () => void = () => undefined;
  private awaitedJoins: number;

  constructor(awaitedJoins: number) {
    this.awaitedJoins = awaitedJoins;
    this.accepted = new Promise((resolve) => {
      this.accept = resolve;
    });
    queueMicrotask(() => {
      this.readyState = WebSocket.OPEN;
      this.onopen();
    });
  }

  say(frame: Frame): void {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  send(data: string): void {
    const [joinRef, ref, topic, event] = JSON.parse(data) as Frame;
    if (event !== "phx_join") return;
    this.say([joinRef, ref, topic, "phx_reply", { status: "ok", response: {} }]);
    this.awaitedJoins -= 1;
    if (this.awaitedJoins === 0) this.accept();
  }

  close(code = 1000): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose({ code });
  }
}
