import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toBase64Url, utf8 } from "../../src/crypto/bytes.ts";
import { compareScanned, digitsOf, fingerprint, type Person, safetyNumber } from "../../src/crypto/safety_numbers.ts";
import * as eg from "../examples.ts";

const identity = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => toBase64Url(key));
// Each number takes a fraction of a second, which is what it is made for.
const few = { numRuns: 2 };

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

describe("a safety number", { timeout: 30_000 }, () => {
  test("is made as libsignal makes it: the example of its own tests comes out", async () => {
    const alice = await fingerprint(bytes("0506863bc66d02b40d27b8d49ca7c09e9239236f9d7d25d6fcca5ce13c7064d868"), utf8("+14152222222"));
    const bob = await fingerprint(bytes("05f781b6fb32fed9ba1cf2de978d4d5da28dc34046ae814402b5c0dbd96fda907b"), utf8("+14153333333"));
    expect(digitsOf(alice) + digitsOf(bob)).toBe("300354477692869396892869876765458257569162576843440918079131");
    // The first 32 bytes are what its QR code carries.
    expect(Buffer.from(alice.subarray(0, 32)).toString("hex")).toBe("1e301a0353dce3dbe7684cb8336e85136cdc0ee96219494ada305d62a7bd61df");
  });

  test("has 12 groups of 5 digits, the same on both sides", async () => {
    await fc.assert(
      fc.asyncProperty(identity, identity, async (anas, bens) => {
        const [ana, ben] = [{ accountId: eg.ana, identity: anas }, { accountId: eg.ben, identity: bens }];
        const [here, there] = await Promise.all([safetyNumber(ana, ben), safetyNumber(ben, ana)]);
        expect(here.groups).toEqual(there.groups);
        expect(here.groups).toHaveLength(12);
        expect(here.groups.every((group) => /^\d{5}$/u.test(group))).toBe(true);
      }),
      few,
    );
  });

  test("is another with either key, and with either person", async () => {
    await fc.assert(
      fc.asyncProperty(identity, identity, identity, async (anas, bens, another) => {
        fc.pre(another !== anas && another !== bens);
        const [ana, ben] = [{ accountId: eg.ana, identity: anas }, { accountId: eg.ben, identity: bens }];
        const numbers = await Promise.all([
          safetyNumber(ana, ben),
          safetyNumber({ ...ana, identity: another }, ben),
          safetyNumber(ana, { ...ben, identity: another }),
          safetyNumber({ ...ana, accountId: eg.cleo }, ben),
        ]);
        expect(new Set(numbers.map(({ groups }) => groups.join(""))).size).toBe(4);
      }),
      few,
    );
  });

  test("is refused for what is no identity", async () => {
    await expect(safetyNumber({ accountId: eg.ana, identity: "AAAA" }, { accountId: eg.ben, identity: "" })).rejects.toThrow(RangeError);
  });
});

describe("a scanned code", { timeout: 30_000 }, () => {
  const ana: Person = { accountId: eg.ana, identity: identityOf(1) };
  const ben: Person = { accountId: eg.ben, identity: identityOf(2) };
  const lied: Person = { accountId: eg.ben, identity: identityOf(3) };

  test("is the same where both hold the same keys", async () => {
    const { qrText } = await safetyNumber(ben, ana);
    expect(qrText).toMatch(/^[\w:-]{100,200}$/u);
    expect(await compareScanned(qrText, ana, ben)).toBe("same");
    expect(await compareScanned(` ${qrText}\n`, ana, ben)).toBe("same");
  });

  test("is different where either was told another key of the other", async () => {
    expect(await compareScanned((await safetyNumber(ben, ana)).qrText, ana, lied)).toBe("different");
    const toBen = await safetyNumber(ben, { ...ana, identity: identityOf(4) });
    expect(await compareScanned(toBen.qrText, ana, ben)).toBe("different");
  });

  test("is somebody else's where the two are not these two, or it is one's own", async () => {
    const cleo: Person = { accountId: eg.cleo, identity: identityOf(5) };
    expect(await compareScanned((await safetyNumber(cleo, ana)).qrText, ana, ben)).toBe("somebody_else");
    expect(await compareScanned((await safetyNumber(ben, cleo)).qrText, ana, ben)).toBe("somebody_else");
    expect(await compareScanned((await safetyNumber(ana, ben)).qrText, ana, ben)).toBe("somebody_else");
  });

  test("is unsupported where it is of a later version, and unreadable where it is none", async () => {
    const { qrText } = await safetyNumber(ben, ana);
    expect(await compareScanned(qrText.replace(":1:", ":2:"), ana, ben)).toBe("unsupported");
    const texts = ["", "https://example.org", "tertulia:safety", "tertulia:safety:x", `${qrText}:`, qrText.slice(0, -2), qrText.replace(eg.ben, "")];
    const found = await Promise.all(texts.map((text) => compareScanned(text, ana, ben)));
    expect(found).toEqual([...Array.from({ length: 6 }, () => "unreadable"), "somebody_else"]);
  });
});

function identityOf(fill: number): string {
  return toBase64Url(new Uint8Array(32).fill(fill));
}
