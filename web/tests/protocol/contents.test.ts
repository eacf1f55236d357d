/** The content of files, as it is read. */

import { expect, test } from "vitest";
import { Http } from "../../src/protocol/http.ts";
import { exclusivelyHere } from "../../src/protocol/locks.ts";
import { createRest } from "../../src/protocol/rest.ts";
import { MemoryStorage } from "../memory_storage.ts";

/** `parts` of four bytes each; how many were read in the end. */
function server(parts: number) {
  const told = { read: 0, isCancelled: false };
  const body = () =>
    new ReadableStream({
      pull(stream) {
        told.read += 1;
        if (told.read > parts) stream.close();
        else stream.enqueue(new Uint8Array([1, 2, 3, 4]));
      },
      cancel() {
        told.isCancelled = true;
      },
    });
  const http = new Http({
    origin: "https://chat.example.org",
    fetch: async () => await Promise.resolve(new Response(body())),
    readCookies: () => "",
    exclusively: exclusivelyHere(),
    storage: new MemoryStorage(),
    onSessionLost: () => undefined,
  });
  return { told, rest: createRest(http) };
}

test("is whole where it is not longer than it may be", async () => {
  const { rest } = server(3);
  expect(await rest.content("/api/uploads/one", 12)).toEqual(new Uint8Array([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]));
});

test("is read no further where it is longer, however long it is", async () => {
  const { rest, told } = server(Infinity);
  expect(await rest.content("/api/uploads/one", 12)).toBeNull();
  expect(told.isCancelled).toBe(true);
  expect(told.read).toBeLessThan(10);
});
