import { expect, test } from "vitest";
import { lastEditable } from "../../../src/features/composer/composing.ts";
import * as eg from "../../examples.ts";

test("the last own message that is not deleted is the one to edit", () => {
  const messages = [
    eg.message({ seq: 2, sender: eg.ana }),
    eg.message({ seq: 3, sender: eg.ana, is_deleted: true, content: "" }),
    eg.message({ seq: 4, sender: eg.ben }),
  ];
  expect(lastEditable(messages, eg.ana)?.seq).toBe(2);
  expect(lastEditable(messages, eg.cleo)).toBeUndefined();
});
