import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { VoiceDoor, type VoiceOptions } from "../../src/client/voice.ts";
import { createStores } from "../../src/stores/stores.ts";
import { MemoryStorage } from "../memory_storage.ts";
import { restoreBrowser, stubBrowser } from "./voice/a_call.ts";

beforeEach(() => void stubBrowser());
afterEach(() => restoreBrowser());

function aDoor() {
  const stores = createStores({ theme: "auto", magnification: 1, hidden: false });
  const around = {
    myId: "ana",
    stores,
    copies: { row: () => null },
    environment: { storage: new MemoryStorage(), notices: { clear: async () => await Promise.resolve() } },
    socket: { off: () => undefined },
  };
  return { door: new VoiceDoor(around as unknown as VoiceOptions), voice: () => stores.voice.getState() };
}

it("says at once that the address has to be another one, where the browser keeps its devices back", async () => {
  vi.stubGlobal("navigator", {});
  const { door, voice } = aDoor();
  const joining = door.join("c1");
  expect(voice()).toMatchObject({ call: null, ending: { conversationId: "c1", code: "insecure" } });
  await joining;
});

async function broken(): Promise<never> {
  return await Promise.reject(new TypeError("That is a bug."));
}

it("leaves nobody at the door, whatever goes wrong", async () => {
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: broken } });
  const { door, voice } = aDoor();
  await expect(door.join("c1")).rejects.toThrow("That is a bug.");
  expect(voice()).toMatchObject({ call: null, ending: { conversationId: "c1", code: "error" } });
});
