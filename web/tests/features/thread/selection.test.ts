import { expect, test } from "vitest";
import { chosenOf, clear, createSelection, extendTo, toggle } from "../../../src/features/thread/selection.ts";
import { message } from "../../examples.ts";

const thread = [1, 2, 3, 4, 5].map((seq) => message({ seq, is_deleted: seq === 3 }));
const [first, second, , fourth] = thread;
if (!first || !second || !fourth) throw new Error("The thread has too few messages.");

test("messages are chosen and left by pressing them, and told in their order", () => {
  const store = createSelection();
  toggle(store, fourth);
  toggle(store, first);
  toggle(store, second);
  toggle(store, second);
  expect(chosenOf(store.getState(), thread).map(({ seq }) => seq)).toEqual([1, 4]);
  clear(store);
  expect(store.getState().chosen.size).toBe(0);
});

test("a range goes from the one pressed last, either way, past what is deleted", () => {
  const store = createSelection();
  toggle(store, fourth);
  extendTo(store, first, thread);
  expect(chosenOf(store.getState(), thread).map(({ seq }) => seq)).toEqual([1, 2, 4]);
});

test("what is deleted meanwhile is not chosen any more, and what is edited is told as it is now", () => {
  const store = createSelection();
  toggle(store, first);
  toggle(store, second);
  const later = [{ ...first, is_deleted: true }, { ...second, content: "edited" }];
  expect(chosenOf(store.getState(), later).map(({ content }) => content)).toEqual(["edited"]);
});
