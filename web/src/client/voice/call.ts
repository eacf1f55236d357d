/**
 * A call, from the moment somebody wants to be in a channel until they have left it. The sound does not go by
 * the chat's own server, so that it goes on while that is out of reach; who comes back in time goes on under the same session,
 * and who was away for long is in no call any more.
 */

import type { Socket } from "phoenix";
import { type Call as CallState, nothingSeen, type Participant, withParticipant } from "../../model/voice.ts";
import { silent, withLevel } from "../../model/speaking.ts";
import type { TopicChannel } from "../../protocol/channels.ts";
import { type JoinedVoice, joinVoice, type Routed } from "../../protocol/voice_channel.ts";
import type { Stores } from "../../stores/stores.ts";
import { withUsers } from "../../stores/users.ts";
import { withCall } from "../../stores/voice.ts";
import type { Engine } from "../sealed/engine.ts";
import { Absence } from "./absence.ts";
import { chosenDevices, isDenied, openCamera, openMicrophone, openScreen } from "./devices.ts";
import type { Partner } from "./mesh.ts";
import { asked_every_ms, Meter } from "./meter.ts";
import { Outgoing, type Purpose } from "./outgoing.ts";
import { doubt, type Ends, prove } from "./proofs.ts";
import { Sounds } from "./sounds.ts";
import { Ways } from "./ways.ts";

export interface CallOptions {
  readonly myId: string;
  readonly conversationId: string;
  readonly stores: Pick<Stores, "voice" | "users">;
  readonly socket: Socket;
  readonly storage: Storage;
  /** In an encrypted conversation: what has the keys. */
  readonly engine: Engine | null;
  /** It is over, and not because the person left; a code, and how many fit in where it is full. */
  readonly onEnded: (code: string, limit: number | null) => void;
}

/** What the server and the others are told of oneself. */
type OwnState = Pick<Participant, "muted" | "deafened" | "speaking" | "sharing" | "camera">;

/** The microphone is often open by then, and so is in the first offer. */
const patience_ms = 1_000;

export class Call {
  readonly meter = new Meter();
  private readonly options: CallOptions;
  private readonly outgoing = new Outgoing();
  private readonly sounds = new Sounds();
  private readonly ways: Ways;
  private channel: TopicChannel | null = null;
  private session = "";
  private iceServers: RTCIceServer[] = [];
  /** As the server says. */
  private isEndToEnd = true;
  /** As the person wants it; what holds follows from it, see `own`. */
  private wish = { isMuted: false, isDeafened: false, isHeld: false };
  private speaking = silent;
  private told: OwnState | null = null;
  private isStopped = false;
  private listening: ReturnType<typeof setInterval> | undefined;
  private absence = new Absence();
  private opening = "";

  constructor(options: CallOptions) {
    this.options = options;
    const { engine } = options;
    this.ways = new Ways({
      myId: options.myId,
      outgoing: this.outgoing,
      configuration: () => ({ iceServers: this.iceServers }),
      channel: () => this.joined(),
      prove: engine === null ? undefined : async (partner, sdp) => await prove(engine, this.ends(partner), sdp),
      doubt: async (partner, sdp, proof) => (engine === null ? null : await doubt(engine, this.ends(partner), sdp, proof)),
      onLink: (session, link) => this.put(({ links }) => ({ links: { ...links, [session]: link } })),
      onPictures: (session, seen) => this.put(({ pictures }) => ({ pictures: { ...pictures, [session]: seen } })),
      onSounds: (session, tracks) => {
        this.sounds.put(session, tracks);
        this.meter.watch(session, tracks[0] ?? null);
      },
      onUnforwarded: () => this.put(() => this.openness()),
    });
  }

  async start(): Promise<void> {
    void this.sounds.chooseSpeaker(chosenDevices(this.options.storage).speaker).catch(() => undefined);
    const opening = this.openMicrophone();
    await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, patience_ms))]);
    if (this.isStopped) return;
    this.absence = new Absence();
    // Before the channel does, which would join again.
    this.opening = this.options.socket.onOpen(() => this.mind());
    this.channel = this.join();
    this.listening = setInterval(() => this.listen(), asked_every_ms);
    globalThis.addEventListener("online", this.restart);
    connectionNews()?.addEventListener("change", this.restart);
  }

  /** Also leaves the channel. */
  stop(): void {
    this.isStopped = true;
    clearInterval(this.listening);
    globalThis.removeEventListener("online", this.restart);
    connectionNews()?.removeEventListener("change", this.restart);
    this.options.socket.off([this.opening]);
    this.channel?.leave();
    this.ways.endAll();
    this.sounds.stop();
    this.meter.stop();
    this.outgoing.stop();
  }

  setMuted(isMuted: boolean): void {
    this.wish.isMuted = isMuted;
    // Whoever speaks wants to hear what is answered.
    if (!isMuted) this.wish.isDeafened = false;
    if (!isMuted && this.outgoing.track("microphone") === null) void this.openMicrophone();
    this.apply();
  }

  setDeafened(isDeafened: boolean): void {
    this.wish.isDeafened = isDeafened;
    this.apply();
  }

  setHeld(isHeld: boolean): void {
    this.wish.isHeld = isHeld;
    this.apply();
  }

  /** How the person talks was changed in the store. */
  apply(): void {
    if (this.isStopped) return;
    const state = this.state();
    const microphone = this.outgoing.track("microphone");
    if (microphone !== null) microphone.enabled = !state.muted && !this.isSilenced();
    this.sounds.deafen(state.deafened);
    this.put(() => ({ muted: state.muted, deafened: state.deafened }));
    this.tell(state);
  }

  async setCamera(isOn: boolean): Promise<void> {
    const track = isOn ? await openCamera(chosenDevices(this.options.storage).camera) : null;
    this.give("camera", track);
  }

  async share(): Promise<void> {
    const { video, sound } = await openScreen();
    this.give("screenSound", sound);
    this.give("screen", video);
  }

  stopSharing(): void {
    this.give("screenSound", null);
    this.give("screen", null);
  }

  /** Another device was chosen. */
  async changeDevice(kind: "microphone" | "camera" | "speaker"): Promise<void> {
    const chosen = chosenDevices(this.options.storage);
    if (kind === "microphone") await this.openMicrophone();
    if (kind === "camera" && this.outgoing.track("camera") !== null) await this.setCamera(true);
    if (kind === "speaker") await this.sounds.chooseSpeaker(chosen.speaker);
  }

  async moderate(event: "silence" | "remove", payload: object): Promise<void> {
    await this.joined().push(event, payload);
  }

  private join(): TopicChannel {
    return joinVoice(this.options.socket, this.options.conversationId, {
      asking: () => {
        const { muted, deafened } = this.state();
        return { ...(this.session === "" ? {} : { session: this.session }), muted, deafened };
      },
      onJoined: (joined) => this.enter(joined),
      onRefused: (error, limit) => this.refused(error.code, limit),
      onLost: () => this.put(({ status }) => ({ status: status === "joining" ? status : "away" })),
      onClosed: () => this.options.onEnded("closed", null),
      onComing: (participant, user) => {
        this.options.stores.users.setState((state) => withUsers(state, [user]));
        this.put(({ participants }) => ({ participants: withParticipant(participants, participant) }));
        if (participant.session !== this.session) this.ways.add(participant);
      },
      onLeaving: ({ session, reason }) => this.left(session, reason),
      onState: (participant) => {
        this.put(({ participants }) => ({ participants: withParticipant(participants, participant) }));
        if (participant.session === this.session) this.apply();
      },
      onDescription: (told) => this.ways.hear(told),
      onCandidate: (told) => this.ways.hearCandidate(told),
      onRouted: (routed) => this.take(routed),
      onDeclined: () => this.options.onEnded("declined", null),
    });
  }

  private enter(joined: JoinedVoice): void {
    if (this.isStopped) return;
    const { session, participants, users, route, limit } = joined;
    this.options.stores.users.setState((state) => withUsers(state, users));
    this.iceServers = joined.ice_servers;
    // The others have let go of a participation that did not come back in time, and begin anew with another one.
    if (session !== this.session) this.ways.endAll();
    this.session = session;
    this.told = participants.find((each) => each.session === session) ?? null;
    this.put(({ links, pictures }) => ({
      status: "in",
      session,
      participants,
      route,
      limit,
      links: among(links, participants),
      pictures: { ...among(pictures, participants), [session]: this.ownPictures() },
    }));
    this.watchSelf();
    this.isEndToEnd = joined.end_to_end;
    this.ways.enter(joined.route, participants.filter((each) => each.session !== session));
    this.put(() => this.openness());
    this.apply();
  }

  private take({ route, limit, end_to_end: isEndToEnd }: Routed): void {
    this.isEndToEnd = isEndToEnd;
    this.ways.take(route);
    this.put(() => ({ route, limit, ...this.openness() }));
  }

  /** On the way back from the forwarding server something may still go through it. */
  private openness(): Pick<CallState, "endToEnd"> {
    return { endToEnd: this.isEndToEnd && !this.ways.isForwarded() };
  }

  private left(session: string, reason: string): void {
    if (session === this.session) {
      this.options.onEnded(reason, null);
      return;
    }
    this.ways.end(session);
    this.put(({ participants, links, pictures }) => {
      const rest = participants.filter((each) => each.session !== session);
      return { participants: rest, links: among(links, rest), pictures: among(pictures, rest) };
    });
  }

  // Other refusals pass (a restart, a limit): the channel joins again by itself.
  private refused(code: string, limit: number | null): void {
    if (finalCodes.has(code)) this.options.onEnded(code, limit);
  }

  private async openMicrophone(): Promise<void> {
    this.put(() => ({ microphone: "asking" }));
    try {
      this.give("microphone", await openMicrophone(chosenDevices(this.options.storage).microphone));
      this.put(() => ({ microphone: "open" }));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.put(() => ({ microphone: isDenied(error) ? "denied" : "missing" }));
    }
    this.apply();
  }

  private give(purpose: Purpose, track: MediaStreamTrack | null): void {
    if (this.isStopped) {
      track?.stop();
      return;
    }
    track?.addEventListener("ended", () => this.lose(purpose, track));
    this.outgoing.put(purpose, track);
    if (purpose === "microphone") this.watchSelf();
    if (this.session !== "") this.put(({ pictures }) => ({ pictures: { ...pictures, [this.session]: this.ownPictures() } }));
    this.ways.send();
    this.apply();
  }

  /** A device was unplugged, or leave to use it taken back; for the screen the browser has a button of its own. */
  private lose(purpose: Purpose, track: MediaStreamTrack): void {
    if (this.outgoing.track(purpose) !== track) return;
    if (purpose === "screen") this.stopSharing();
    else this.give(purpose, null);
    // Whoever spoke goes on by the usual one.
    if (purpose === "microphone") void this.openMicrophone();
  }

  private state(): OwnState {
    const { isMuted, isDeafened, isHeld } = this.wish;
    const isPushed = this.options.stores.voice.getState().call?.pushToTalk === true;
    const canSpeak = this.outgoing.track("microphone") !== null && !isDeafened;
    const muted = !canSpeak || (isPushed ? !isHeld : isMuted);
    return {
      muted,
      deafened: isDeafened,
      speaking: this.speaking.isSpeaking && !muted && !this.isSilenced(),
      sharing: this.outgoing.track("screen") !== null,
      camera: this.outgoing.track("camera") !== null,
    };
  }

  private isSilenced(): boolean {
    const { call } = this.options.stores.voice.getState();
    return call?.participants.some((each) => each.session === this.session && each.silenced) ?? false;
  }

  private tell(state: OwnState): void {
    if (this.told === null || this.channel?.isJoined() !== true) return;
    const { told } = this;
    const changed = stateKeys.filter((key) => told[key] !== state[key]);
    if (changed.length === 0) return;
    this.told = { ...told, ...state };
    // Refused or lost, it is said again with the next change, and at the latest when one comes back.
    const forget = () => {
      this.told = told;
    };
    void this.channel.push("voice_state", Object.fromEntries(changed.map((key) => [key, state[key]]))).catch(forget);
  }

  private mind(): void {
    const isThere = this.channel?.isJoined() === true || this.ways.carry();
    if (this.absence.isTooLong(isThere)) this.options.onEnded("away", null);
  }

  /** Whether one speaks is found out here, and told to the others. */
  private listen(): void {
    this.mind();
    if (this.isStopped) return;
    const before = this.speaking.isSpeaking;
    this.speaking = withLevel(this.speaking, this.meter.level(this.session), performance.now());
    if (this.speaking.isSpeaking !== before) this.apply();
  }

  private watchSelf(): void {
    if (this.session !== "") this.meter.watch(this.session, this.outgoing.track("microphone"));
  }

  private ownPictures() {
    const { outgoing } = this;
    return { ...nothingSeen, camera: outgoing.picture("camera"), screen: outgoing.picture("screen") };
  }

  private ends({ user_id, session }: Partner): Ends {
    const { myId, conversationId } = this.options;
    const mine = { accountId: myId, session: this.session };
    return { conversationId, mine, theirs: { accountId: user_id, session } };
  }

  private joined(): TopicChannel {
    if (this.channel === null) throw new Error("The channel was not joined.");
    return this.channel;
  }

  private readonly restart = (): void => this.ways.restart();

  private put(change: (call: CallState) => Partial<CallState>): void {
    if (this.isStopped) return;
    this.options.stores.voice.setState((state) => withCall(state, this.options.conversationId, change));
  }
}

const stateKeys = ["muted", "deafened", "speaking", "sharing", "camera"] as const;

const finalCodes = new Set(["not_found", "full", "blocked", "forbidden", "permission_denied", "taken_over"]);

/** What is known by session, of those who are there. */
function among<Value>(bySession: Readonly<Record<string, Value>>, participants: readonly Participant[]): Readonly<Record<string, Value>> {
  const sessions = new Set(participants.map(({ session }) => session));
  return Object.fromEntries(Object.entries(bySession).filter(([session]) => sessions.has(session)));
}

/** Tells that the network is another one, where the browser does. */
function connectionNews(): EventTarget | null {
  return (navigator as unknown as { readonly connection?: EventTarget }).connection ?? null;
}
