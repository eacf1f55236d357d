/** The texts of calls in English, which load with the first one. */

import type { Quality } from "../model/call_quality.ts";
import type { Doubt } from "../model/voice.ts";
import { countedBy } from "./counted.ts";

export function englishCall(locale: string) {
  const { number } = countedBy(locale);
  return {
    title: "Voice chat",
    leave: "Leave voice",
    mute: "Mute",
    unmute: "Unmute",
    deafen: "Deafen",
    undeafen: "Undeafen",
    hold: "Hold to talk",
    share: "Share screen",
    stopSharing: "Stop sharing",
    cameraOn: "Turn camera on",
    cameraOff: "Turn camera off",
    participants: "Voice participants",
    enlarge: "Show in full",
    reduce: "Show small",
    toCall: "To the call",
    toHere: "You are in this voice chat",

    joining: "Connecting…",
    away: "Server out of reach: the call goes on, and you are connected again in a moment.",
    calling: (name: string) => `Calling ${name}…`,
    noAnswer: "No answer. You can wait here, or try another time.",
    alone: "Nobody else is here yet.",
    encrypted: "End-to-end encrypted",
    heardByServer: "Not end-to-end encrypted: the server of this chat could listen.",
    forwarded: "Not end-to-end encrypted: with so many people the sound goes through the server of this chat, which could listen.",
    unproven: (name: string, because: Doubt): string =>
      ({
        missing: `${name} cannot be heard: their device does not prove that the sound comes from them end-to-end.`,
        wrong: `${name} cannot be heard: the proof that the sound comes from them end-to-end is wrong. Somebody may be trying to listen in.`,
        stranger: `${name} cannot be heard: the key that proves their sound is not one you know as theirs. Compare safety numbers first.`,
      })[because],
    unreachable: (name: string) =>
      `No way through to ${name}. Still trying. If it stays like this, the people who run this server may have to set up TURN.`,
    forwardingUnreachable: "No way through to the server that carries the sound. Still trying.",
    microphoneDenied: "Your microphone is not allowed here: you only listen. Allow it in the browser, then press Unmute.",
    microphoneMissing: "No microphone could be used: you only listen. Plug one in, or close the program that uses it, then press Unmute.",
    silencedYou: "You were muted for everyone by those who look after this chat.",

    state: {
      you: "you",
      speaking: "speaking",
      muted: "muted",
      deafened: "deafened",
      silenced: "muted for everyone",
      sharing: "sharing their screen",
      camera: "camera on",
      connecting: "connecting",
      unreachable: "no way through",
      unproven: "not proven end-to-end",
    },
    quality: { good: "good connection", fair: "fair connection", poor: "poor connection" } satisfies Record<Quality, string> as Readonly<
      Record<Quality, string>
    >,
    screenOf: (name: string) => `Screen of ${name}`,
    cameraOf: (name: string) => `Camera of ${name}`,
    yourScreen: "Your screen",

    actions: (name: string) => `Actions for ${name}`,
    silence: "Mute for everyone",
    unsilence: "Let speak again",
    remove: "Remove from voice",

    devices: {
      open: "Sound and devices",
      microphone: "Microphone",
      camera: "Camera",
      speaker: "Speaker",
      usual: "System default",
      unnamed: (at: number) => `Device ${number(at)}`,
      level: "How loud you are",
      pushToTalk: "Push to talk",
      pushToTalkHint: "You are heard only while you hold the space bar, or the button.",
      failed: "This device could not be used. Another program may have it.",
      done: "Done",
    },

    ring: {
      title: (name: string) => `${name} is calling`,
      encrypted: "End-to-end encrypted call",
      open: "Voice call",
      accept: "Accept",
      decline: "Decline",
    },

    cameraFailed: "The camera could not be turned on. Allow it in the browser, or close the program that uses it.",
    shareFailed: "The screen could not be shared.",
  };
}

export type CallWords = ReturnType<typeof englishCall>;
