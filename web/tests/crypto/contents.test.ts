import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/crypto/bytes.ts";
import { decodeMessage, decodeReaction, encodeMessage, encodeReaction } from "../../src/crypto/contents.ts";

const optional = { requiredKeys: ["text"] as "text"[] };
const attachment = fc.record(
  {
    upload: fc.uuid(),
    key: fc.string(),
    iv: fc.string(),
    digest: fc.string(),
    name: fc.string({ unit: "grapheme" }),
    type: fc.string(),
    size: fc.nat(),
    width: fc.nat(),
    height: fc.nat(),
    blur: fc.string(),
    duration_ms: fc.nat(),
  },
  { requiredKeys: ["upload", "key", "iv", "digest", "name", "type", "size"], noNullPrototype: true },
);
const message = fc.record(
  {
    text: fc.string({ unit: "grapheme" }),
    reply_to: fc.uuid(),
    attachments: fc.array(attachment, { maxLength: 3 }),
    edit: fc.integer({ min: 1, max: 999 }),
  },
  { ...optional, noNullPrototype: true },
);

describe("what is in a copy", () => {
  test("comes back as it was, and has a multiple of 64 bytes", () => {
    fc.assert(
      fc.property(message, fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 })), (content, emoji) => {
        const bytes = encodeMessage(content);
        expect(bytes.length % 64).toBe(0);
        expect(decodeMessage(bytes)).toEqual(content);
        expect(decodeReaction(encodeReaction(emoji))).toEqual(emoji);
      }),
    );
  });

  test("is let through only in the form that it has", () => {
    const refused = [
      "hello",
      "[]",
      '{"text":"no version"}',
      '{"v":2,"text":"later"}',
      '{"v":1}',
      '{"v":1,"text":7}',
      '{"v":1,"text":"","reply_to":7}',
      '{"v":1,"text":"","edit":0}',
      '{"v":1,"text":"","edit":-1}',
      '{"v":1,"text":"","edit":1.5}',
      '{"v":1,"text":"","attachments":{}}',
      '{"v":1,"text":"","attachments":[7]}',
      '{"v":1,"text":"","attachments":[{"upload":"u","key":"k","iv":"i","digest":"d","name":"n","type":"t"}]}',
      '{"v":1,"text":"","attachments":[{"upload":"u","key":"k","iv":"i","digest":"d","name":"n","type":"t","size":"9"}]}',
      '{"v":1,"text":"","attachments":[{"upload":"u","key":"k","iv":"i","digest":"d","name":"n","type":"t","size":9,"blur":9}]}',
    ];
    expect(refused.filter((text) => decodeMessage(utf8(text)) !== null)).toEqual([]);
    const long = JSON.stringify({ v: 1, emoji: ["Ben has left the group. ".repeat(2)] });
    const reactions = ['{"v":1}', '{"v":1,"emoji":"👍"}', '{"v":1,"emoji":[7]}', '{"v":1,"emoji":[""]}', long];
    expect(reactions.filter((text) => decodeReaction(utf8(text)) !== null)).toEqual([]);
    expect(decodeReaction(encodeReaction(Array.from({ length: 30 }, () => "👍")))).toHaveLength(20);
    expect(decodeMessage(Uint8Array.of(0xff))).toBeNull();
    expect(decodeMessage(utf8('{"v":1,"text":"","mood":"new"}  '))).toEqual({ text: "" });
  });
});
