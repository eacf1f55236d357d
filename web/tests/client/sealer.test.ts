/** What is not sealed. */

import { expect, test } from "vitest";
import { Sealer } from "../../src/client/sealed/sealer.ts";
import type { OpenedCopy } from "../../src/model/opening.ts";
import * as eg from "../examples.ts";

const closed: OpenedCopy = { status: "closed", why: "locked" };

test.each([undefined, closed])("an edit of a message of which it is not known what it says and carries (%o)", async (before) => {
  const sealer = new Sealer({ sealing: async () => await Promise.reject(new Error("nothing is sealed")) });
  await expect(sealer.edit(eg.message({ seq: 1 }), "first", before)).rejects.toMatchObject({ code: "no_copy" });
});
