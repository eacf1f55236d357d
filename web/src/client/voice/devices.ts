/** Microphones, cameras, speakers and screens, and which of them the person wants. */

import type { DeviceChoice, DeviceKind, Devices } from "../voice.ts";

const kinds = { audioinput: "microphone", videoinput: "camera", audiooutput: "speaker" } as const;
const key = "tertulia.voice-devices";
const usual: DeviceChoice = { microphone: "", camera: "", speaker: "" };

/** The ids of those that were chosen in this browser; empty: the usual one. */
export function chosenDevices(storage: Storage): DeviceChoice {
  try {
    return { ...usual, ...(JSON.parse(storage.getItem(key) ?? "{}") as Partial<DeviceChoice>) };
  } catch {
    return usual;
  }
}

export function keepDevice(storage: Storage, kind: DeviceKind, deviceId: string): void {
  storage.setItem(key, JSON.stringify({ ...chosenDevices(storage), [kind]: deviceId }));
}

/** What there is; without leave to use a kind its names are empty. */
export async function listDevices(storage: Storage): Promise<Devices> {
  const found = await navigator.mediaDevices.enumerateDevices();
  const all = found.flatMap(({ kind, deviceId, label }) => {
    // Chromium names the usual ones a second time.
    const isTwice = deviceId === "" || deviceId === "default" || deviceId === "communications";
    return isTwice ? [] : [{ kind: kinds[kind], id: deviceId, name: label }];
  });
  return { all, chosen: chosenDevices(storage), canChooseSpeaker: "setSinkId" in HTMLMediaElement.prototype };
}

export async function openMicrophone(deviceId: string): Promise<MediaStreamTrack> {
  const cleaned = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return only((await opened(deviceId, (device) => ({ audio: { ...device, ...cleaned } }))).getAudioTracks());
}

export async function openCamera(deviceId: string): Promise<MediaStreamTrack> {
  // With up to seven others each of whom gets a copy, more would be too much for a home's line.
  const small = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { max: 24 } };
  return only((await opened(deviceId, (device) => ({ video: { ...device, ...small } }))).getVideoTracks());
}

/** The person chooses what; its sound comes with it where the browser gives any. */
export async function openScreen(): Promise<{ readonly video: MediaStreamTrack; readonly sound: MediaStreamTrack | null }> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: true });
  const video = only(stream.getVideoTracks());
  // Text is to stay sharp rather than to move smoothly.
  video.contentHint = "detail";
  return { video, sound: stream.getAudioTracks()[0] ?? null };
}

/** Whether the person, or the browser in their place, said no; all else is a device that is not there or busy. */
export function isDenied(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "SecurityError");
}

// One that was chosen once may be unplugged: then the usual one does. As a mere wish Chromium passes over it.
async function opened(
  deviceId: string,
  asked: (device: MediaTrackConstraints) => MediaStreamConstraints,
): Promise<MediaStream> {
  const devices = navigator.mediaDevices;
  if (deviceId === "") return await devices.getUserMedia(asked({}));
  try {
    return await devices.getUserMedia(asked({ deviceId: { exact: deviceId } }));
  } catch (error) {
    const { name } = error as Partial<Error>;
    if (name !== "OverconstrainedError" && name !== "NotFoundError") throw error;
    return await devices.getUserMedia(asked({}));
  }
}

function only(tracks: readonly MediaStreamTrack[]): MediaStreamTrack {
  const [track] = tracks;
  if (track === undefined) throw new DOMException("The device gave nothing.", "NotFoundError");
  return track;
}
