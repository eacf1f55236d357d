import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Description, isPolite, Negotiation } from "../../../src/client/voice/negotiation.ts";
import { FakeConnection } from "./fake_connection.ts";

/** Two ends and the road between them, which holds everything until it is let through. */
function pair() {
  const ana = end("ana", "ben");
  const ben = end("ben", "ana");
  return { ana, ben };
}

function end(me: string, other: string) {
  const connection = new FakeConnection();
  const said: Description[] = [];
  const negotiation = new Negotiation({
    connection,
    isPolite: isPolite(me, other),
    say: (description) => void said.push(description),
  });
  connection.onneeded = () => void negotiation.needed();
  return { connection, negotiation, said };
}

type End = ReturnType<typeof end>;

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Lets through what was said, until nobody says anything more. */
async function deliver(one: End, other: End): Promise<void> {
  await settle();
  while (one.said.length + other.said.length > 0) {
    for (const [from, to] of [[one, other], [other, one]] as const) {
      for (const description of from.said.splice(0)) await to.negotiation.hear(description);
      await settle();
    }
  }
}

/** The same after a first agreement. */
async function begun() {
  const both = pair();
  both.ben.connection.need();
  await deliver(both.ana, both.ben);
  return both;
}

function agreedOn({ connection }: End) {
  return connection.agreed;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("negotiation", () => {
  test("has one side give way, and never both", () => {
    expect([isPolite("a", "b"), isPolite("b", "a")]).toEqual([true, false]);
  });

  test("has the impolite one begin, and the other where that does not happen", async () => {
    const { ana, ben } = pair();
    ana.connection.need();
    ben.connection.need();
    await settle();
    expect([ana.said.length, ben.said.length]).toEqual([0, 1]);
    await deliver(ana, ben);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));

    const { ana: alone, ben: mute } = pair();
    alone.connection.need();
    await settle();
    expect(alone.said).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(alone.said.map(({ type }) => type)).toEqual(["offer"]);
    await deliver(alone, mute);
    expect(agreedOn(alone)).toEqual(agreedOn(mute));
  });

  test("of one offer comes what both agree on", async () => {
    const { ana, ben } = await begun();
    ana.connection.need();
    await deliver(ana, ben);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));
    expect([ana.connection.signalingState, ben.connection.signalingState]).toEqual(["stable", "stable"]);
  });

  test("of two offers that cross, the impolite one's holds, and what the polite one wanted is offered after it", async () => {
    const { ana, ben } = await begun();
    ana.connection.need();
    ben.connection.need();
    await settle();
    expect([ana.said.length, ben.said.length]).toEqual([1, 1]);
    const crossed = [ana.said[0]?.sdp, ben.said[0]?.sdp];
    const heardOfBen: string[] = [];
    await ben.negotiation.hear(ana.said.shift() as Description);
    for (const description of ben.said.splice(0)) {
      heardOfBen.push(description.sdp);
      await ana.negotiation.hear(description);
    }
    expect(heardOfBen).toEqual([crossed[1]]);
    await settle();
    // The answer, and the offer that was taken back, anew.
    expect(ana.said.map(({ type }) => type)).toEqual(["answer", "offer"]);
    await deliver(ana, ben);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));
    expect(agreedOn(ana)?.offer).not.toBe(crossed[0]);
  });

  test("takes an offer that comes while an answer to its own is on the way", async () => {
    const { ana, ben } = await begun();
    ben.connection.need();
    await settle();
    await ana.negotiation.hear(ben.said.shift() as Description);
    ana.connection.need();
    await settle();
    // Both come in one breath.
    const [answer, offer] = ana.said.splice(0) as [Description, Description];
    await Promise.all([ben.negotiation.hear(answer), ben.negotiation.hear(offer)]);
    await deliver(ana, ben);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));
  });

  test("keeps candidates that come before any description, and adds them in their order", async () => {
    const { ana, ben } = pair();
    ben.connection.need();
    await settle();
    await ana.negotiation.hearCandidate({ candidate: "one" });
    await ana.negotiation.hearCandidate(null);
    expect(ana.connection.candidates).toEqual([]);
    await deliver(ana, ben);
    await ana.negotiation.hearCandidate({ candidate: "two" });
    expect(ana.connection.candidates).toEqual([{ candidate: "one" }, null, { candidate: "two" }]);
  });

  test("lets candidates of an offer pass that it has let pass", async () => {
    const { ana, ben } = await begun();
    ana.connection.need();
    ben.connection.need();
    await settle();
    expect(await ben.negotiation.hear(ana.said.shift() as Description)).toBe(false);
    const ofOffer = { candidate: "x", usernameFragment: "unheard of" };
    await expect(ben.negotiation.hearCandidate(ofOffer)).resolves.toBeUndefined();
    expect(ben.connection.candidates).toEqual([]);
    await deliver(ana, ben);
  });

  test("adds what comes after a candidate that fits nothing any more", async () => {
    const { ana, ben } = pair();
    ben.connection.need();
    await settle();
    await ana.negotiation.hearCandidate({ candidate: "x", usernameFragment: "taken back" });
    await ana.negotiation.hearCandidate({ candidate: "one" });
    await deliver(ana, ben);
    expect(ana.connection.candidates).toEqual([{ candidate: "one" }]);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));
  });

  test("says an offer again until it is answered", async () => {
    const { ana, ben } = await begun();
    ana.connection.need();
    await settle();
    const lost = ana.said.splice(0);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(ana.said).toEqual(lost);
    await deliver(ana, ben);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([...ana.said, ...ben.said]).toEqual([]);
  });

  test("answers an offer that it has answered once more, where the answer was lost", async () => {
    const { ana, ben } = await begun();
    ana.connection.need();
    await settle();
    await ben.negotiation.hear(ana.said.shift() as Description);
    ben.said.splice(0);
    await vi.advanceTimersByTimeAsync(4_000);
    await deliver(ana, ben);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));
  });

  test("lets a second answer to the same offer pass", async () => {
    const { ana, ben } = await begun();
    ana.connection.need();
    await settle();
    await ben.negotiation.hear(ana.said.shift() as Description);
    const answer = ben.said.shift() as Description;
    expect(await ana.negotiation.hear(answer)).toBe(true);
    expect(await ana.negotiation.hear(answer)).toBe(false);
  });

  test("looks for another way by an offer of its own", async () => {
    const { ana, ben } = await begun();
    ana.connection.need();
    await deliver(ana, ben);
    const before = agreedOn(ana);
    ben.negotiation.restart();
    await deliver(ana, ben);
    expect(agreedOn(ana)).toEqual(agreedOn(ben));
    expect(agreedOn(ana)).not.toEqual(before);
  });

  test("says nothing after it was closed", async () => {
    const { ana } = await begun();
    ana.connection.need();
    await settle();
    ana.negotiation.close();
    ana.said.splice(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ana.said).toEqual([]);
  });

  test("comes to an agreement in whichever order things happen", async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const { ana, ben } = pair();
      let state = seed;
      const chance = (of: number) => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return Math.floor((state / 2_147_483_648) * of);
      };
      for (let step = 0; step < 12; step += 1) {
        const [from, to] = chance(2) === 0 ? [ana, ben] : [ben, ana];
        const act = chance(3);
        if (act === 0) from.connection.need();
        else if (act === 1 && from.said.length > 0) void to.negotiation.hear(from.said.shift() as Description);
        else for (let turn = 0; turn < chance(4); turn += 1) await Promise.resolve();
      }
      await deliver(ana, ben);
      await vi.advanceTimersByTimeAsync(4_000);
      await deliver(ana, ben);
      expect(agreedOn(ana), `seed ${seed}`).toEqual(agreedOn(ben));
      expect(ana.connection.signalingState).toBe("stable");
      expect(ben.connection.signalingState).toBe("stable");
      ana.negotiation.close();
      ben.negotiation.close();
    }
  });
});
