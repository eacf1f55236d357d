import { describe, expect, test } from "vitest";
import { galleryOf, joined } from "../../../src/features/media/gallery.ts";
import * as eg from "../../examples.ts";

const picture = (id: string) => eg.attachment({ id, kind: "image" });
const one = eg.message({ seq: 1, attachments: [picture("a"), eg.attachment({ id: "b" })] });
const two = eg.message({ seq: 2 });
const three = eg.message({ seq: 3, attachments: [picture("c"), eg.attachment({ id: "d", kind: "video" })] });
const gone = eg.message({ seq: 4, attachments: [picture("e")], is_deleted: true });

describe("what can be looked at", () => {
  test("are the pictures and videos of messages that are there, from the oldest on", () => {
    const viewed = { message: one, attachment: picture("a") };
    const ids = galleryOf([one, two, three, gone], viewed).map(({ attachment }) => attachment.id);
    expect(ids).toEqual(["a", "c", "d"]);
  });

  test("is in it even where its message is not loaded", () => {
    const viewed = { message: one, attachment: picture("a") };
    expect(galleryOf([three], viewed).map(({ attachment }) => attachment.id)).toEqual(["a", "c", "d"]);
  });

  test("comes once from several readings", () => {
    expect(joined([three, one], [one, two]).map((message) => message.seq)).toEqual([1, 2, 3]);
  });
});
