import { expect, test } from "vitest";
import { lastEditable } from "../../../src/features/composer/composing.ts";
import type { Message } from "../../../src/model/message.ts";
import { type ShownMessage, shownMessage } from "../../../src/model/opening.ts";
import * as eg from "../../examples.ts";

function shown(...messages: readonly Message[]): readonly ShownMessage[] {
  const openings = { byCopy: { c: { status: "closed", why: "locked" } }, reactionsByCopy: {} } as const;
  return messages.map((message) => shownMessage(message, openings));
}

test("the last own message that is not deleted is the one to edit", () => {
  const messages = shown(
    eg.message({ seq: 2, sender: eg.ana }),
    eg.message({ seq: 3, sender: eg.ana, is_deleted: true, content: "" }),
    eg.message({ seq: 4, sender: eg.ben }),
    // Nobody edits what they cannot read.
    eg.message({ seq: 5, sender: eg.ana, encrypted: true, copy_id: "c" }),
  );
  expect(lastEditable(messages, eg.ana)?.seq).toBe(2);
  expect(lastEditable(messages, eg.cleo)).toBeUndefined();
});
