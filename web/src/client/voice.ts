/**
 * The door to voice channels. Who is in which of them, and what rings, is heard here at any time; what a call takes is loaded with
 * the first one.
 */

import type { Socket } from "phoenix";
import { isMuted } from "../model/keeping.ts";
import type { Call, Ring } from "../model/voice.ts";
import { usualNoticeSettings } from "../model/notices.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Rest } from "../protocol/rest.ts";
import type { Stores } from "../stores/stores.ts";
import { withCall, withoutRing, withRing, withVoicePlace } from "../stores/voice.ts";
import type { Copies } from "./copies.ts";
import type { Environment } from "./environment.ts";
import type { Seals } from "./seals.ts";
import type { Call as OpenCall } from "./voice/call.ts";

export type DeviceKind = "microphone" | "camera" | "speaker";

/** The id of each; empty: the usual one. */
export type DeviceChoice = Readonly<Record<DeviceKind, string>>;

export interface Devices {
  readonly all: readonly { readonly kind: DeviceKind; readonly id: string; readonly name: string }[];
  readonly chosen: DeviceChoice;
  readonly canChooseSpeaker: boolean;
}

/** What a person can do about voice channels. How their call stands is in `stores.voice`. */
export interface Voice {
  /** Leaves the call that one is in. How it went is in the store: it does not reject, unless something is broken. */
  join(conversationId: string): Promise<void>;
  leave(): void;
  setMuted(muted: boolean): void;
  setDeafened(isDeafened: boolean): void;
  setPushToTalk(isOn: boolean): void;
  /** The key or button of push-to-talk is held. */
  setHeld(isHeld: boolean): void;
  /** These three reject as the browser does where the person, or a device, says no. */
  setCamera(isOn: boolean): Promise<void>;
  share(): Promise<void>;
  chooseDevice(kind: DeviceKind, deviceId: string): Promise<void>;
  stopSharing(): void;
  devices(): Promise<Devices>;
  /** How loud somebody is just now: 0 to 1. */
  level(session: string): number;
  decline(conversationId: string): Promise<void>;
  /** For those who look after the conversation. */
  silence(userId: string, isSilenced: boolean): Promise<void>;
  remove(userId: string): Promise<void>;
  /** The person has read how the last call ended. */
  forgetEnding(): void;
}

export interface VoiceOptions {
  readonly myId: string;
  readonly stores: Stores;
  readonly rest: Pick<Rest, "voicePlaces" | "declineCall">;
  readonly socket: Socket;
  readonly environment: Pick<Environment, "storage" | "notices">;
  readonly copies: Copies;
  readonly seals: Seals;
}

const pushToTalkKey = "tertulia.push-to-talk";

export class VoiceDoor implements Voice {
  private readonly options: VoiceOptions;
  private current: OpenCall | null = null;
  /** Counts the calls that were begun or left: opening one takes a while. */
  private turn = 0;
  private stopRinging: (() => void) | null = null;

  constructor(options: VoiceOptions) {
    this.options = options;
  }

  /** Who is where, before the topics tell. */
  async load(): Promise<void> {
    try {
      for (const place of await this.options.rest.voicePlaces()) this.hearPlace(place.conversation_id, place.participants);
    } catch (error) {
      // Each topic tells the same when it is joined.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  hearPlace(conversationId: string, userIds: readonly string[]): void {
    this.options.stores.voice.setState((state) => withVoicePlace(state, conversationId, userIds), true);
  }

  /** All that rings, on a connection that is new. */
  hearRings(rings: readonly Ring[]): void {
    this.options.stores.voice.setState({ rings });
    this.soundRings();
  }

  hearRing(ring: Ring): void {
    this.options.stores.voice.setState((state) => withRing(state, ring), true);
    this.soundRings();
  }

  /** It was answered, declined or missed, or who called has left. */
  hearRingEnded(conversationId: string): void {
    this.options.stores.voice.setState((state) => withoutRing(state, conversationId), true);
    void this.options.environment.notices.clear(`call ${conversationId}`, 0);
    this.soundRings();
  }

  /** The conversation is no more for this person. */
  forget(conversationId: string): void {
    this.hearPlace(conversationId, []);
    this.hearRingEnded(conversationId);
    if (this.options.stores.voice.getState().call?.conversationId === conversationId) this.leave();
  }

  readonly join = async (conversationId: string): Promise<void> => {
    this.leave();
    this.hearRingEnded(conversationId);
    const { turn } = this;
    const { myId, stores, socket, environment, copies, seals } = this.options;
    stores.voice.setState({ call: this.newCall(conversationId), ending: null });
    try {
      // Browsers give no devices to a page that did not come by https.
      if (navigator.mediaDevices === undefined) throw new ApiError({ status: 0, code: "insecure", detail: "Not by https." });
      const isEncrypted = copies.row(conversationId)?.encrypted === true;
      const engine = isEncrypted ? await (await seals.engine()).known() : null;
      engine?.own.requireUnlocked();
      const { Call: CallOfChunk } = await import("./voice/call.ts").catch(() => {
        throw new ApiError({ status: 0, code: "offline", detail: "The server cannot be reached." });
      });
      if (turn !== this.turn) return;
      const call = new CallOfChunk({
        myId,
        conversationId,
        stores,
        socket,
        storage: environment.storage,
        engine,
        onEnded: (code, limit) => {
          if (this.current === call) this.end(code, limit);
        },
      });
      this.current = call;
      await call.start();
    } catch (error) {
      const isExpected = error instanceof ApiError;
      if (turn === this.turn) this.end(isExpected ? error.code : "error", null);
      if (!isExpected) throw error;
    }
  };

  readonly leave = (): void => {
    this.turn += 1;
    this.current?.stop();
    this.current = null;
    if (this.options.stores.voice.getState().call !== null) this.options.stores.voice.setState({ call: null });
  };

  readonly setMuted = (muted: boolean): void => this.current?.setMuted(muted);
  readonly setDeafened = (isDeafened: boolean): void => this.current?.setDeafened(isDeafened);
  readonly setHeld = (isHeld: boolean): void => this.current?.setHeld(isHeld);

  readonly setPushToTalk = (pushToTalk: boolean): void => {
    const { stores, environment } = this.options;
    environment.storage.setItem(pushToTalkKey, String(pushToTalk));
    const { call } = stores.voice.getState();
    if (call === null) return;
    stores.voice.setState((state) => withCall(state, call.conversationId, () => ({ pushToTalk })), true);
    this.current?.apply();
  };

  readonly setCamera = async (isOn: boolean): Promise<void> => await this.current?.setCamera(isOn);
  readonly share = async (): Promise<void> => await this.current?.share();
  readonly stopSharing = (): void => this.current?.stopSharing();

  readonly devices = async (): Promise<Devices> => {
    const { listDevices } = await import("./voice/devices.ts");
    return await listDevices(this.options.environment.storage);
  };

  readonly chooseDevice = async (kind: DeviceKind, deviceId: string): Promise<void> => {
    const { keepDevice } = await import("./voice/devices.ts");
    keepDevice(this.options.environment.storage, kind, deviceId);
    await this.current?.changeDevice(kind);
  };

  readonly level = (session: string): number => this.current?.meter.level(session) ?? 0;

  readonly decline = async (conversationId: string): Promise<void> => {
    this.hearRingEnded(conversationId);
    await this.options.rest.declineCall(conversationId);
  };

  readonly silence = async (user_id: string, silenced: boolean): Promise<void> =>
    await this.current?.moderate("silence", { user_id, silenced });
  readonly remove = async (user_id: string): Promise<void> => await this.current?.moderate("remove", { user_id });

  readonly forgetEnding = (): void => this.options.stores.voice.setState({ ending: null });

  /** From now on it says nothing more to the stores, which may be somebody else's soon. */
  stop(): void {
    this.turn += 1;
    this.current?.stop();
    this.current = null;
    this.stopRinging?.();
    this.stopRinging = null;
  }

  private end(code: string, limit: number | null): void {
    const { stores } = this.options;
    const conversationId = stores.voice.getState().call?.conversationId;
    this.leave();
    if (conversationId !== undefined) stores.voice.setState({ ending: { conversationId, code, limit } });
  }

  private newCall(conversationId: string): Call {
    const isPushed = this.options.environment.storage.getItem(pushToTalkKey) === "true";
    return {
      conversationId,
      status: "joining",
      session: "",
      participants: [],
      links: {},
      pictures: {},
      limit: 0,
      route: "mesh",
      endToEnd: true,
      microphone: "asking",
      muted: isPushed,
      deafened: false,
      pushToTalk: isPushed,
      since_ms: Date.now(),
    };
  }

  /** One sound for all that rings, and none for what is muted. */
  private soundRings(): void {
    const { stores, copies, environment } = this.options;
    const { has_sound: hasSound } = stores.notices.getState().settings ?? usualNoticeSettings;
    const isHeard = stores.voice.getState().rings.some(({ conversation_id }) => {
      const row = copies.row(conversation_id);
      return row === null || !isMuted(row.preferences, new Date());
    });
    if (hasSound && isHeard) this.stopRinging ??= environment.notices.ring();
    else {
      this.stopRinging?.();
      this.stopRinging = null;
    }
  }
}
