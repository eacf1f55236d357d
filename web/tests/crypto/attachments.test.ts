import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openFile, sealFile } from "../../src/crypto/attachments.ts";

const file = fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes));
const altered = { status: "refused", because: "altered" };

describe("a file of an encrypted message", () => {
  test("comes back as it was, and is uploaded as something else", async () => {
    await fc.assert(
      fc.asyncProperty(file, async (bytes) => {
        const { sealed, fileKey } = await sealFile(bytes);
        expect(sealed).toHaveLength(bytes.length + 16);
        // A file of a few bytes may turn up by chance.
        expect(bytes.length > 8 && Buffer.from(sealed).includes(Buffer.from(bytes))).toBe(false);
        expect(await openFile(sealed, fileKey)).toEqual({ status: "opened", file: bytes });
      }),
    );
  });

  test("is not opened once a bit of it was changed, or another key is tried", async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.nat(), async (bytes, bit) => {
        const { sealed, fileKey } = await sealFile(bytes);
        const changed = Uint8Array.from(sealed);
        const at = Math.floor(bit / 8) % changed.length;
        changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
        expect(await openFile(changed, fileKey)).toEqual(altered);
        const other = await sealFile(bytes);
        expect(await openFile(sealed, other.fileKey)).toEqual(altered);
        expect(await openFile(sealed, { ...fileKey, key: other.fileKey.key })).toEqual(altered);
      }),
    );
  });

  test("is not exchanged for another that the same key opens", async () => {
    const { sealed, fileKey } = await sealFile(new Uint8Array(9));
    const key = await crypto.subtle.importKey("raw", Buffer.from(fileKey.key, "base64url"), "AES-GCM", false, ["encrypt"]);
    const iv = Buffer.from(fileKey.iv, "base64url");
    const another = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, Uint8Array.of(1, 2, 3)));
    expect(await openFile(another, fileKey)).toEqual(altered);
    expect((await openFile(sealed, fileKey)).status).toBe("opened");
  });

  test("is not looked for with what is no key", async () => {
    const { sealed, fileKey } = await sealFile(new Uint8Array(9));
    for (const patch of [{ key: "AAAA" }, { iv: "" }, { digest: "?" }]) {
      expect(await openFile(sealed, { ...fileKey, ...patch })).toEqual({ status: "refused", because: "malformed" });
    }
  });
});
