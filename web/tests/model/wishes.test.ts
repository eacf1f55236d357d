import { describe, expect, test } from "vitest";
import { choicesOf, hasReacted, withWishes } from "../../src/model/wishes.ts";
import { ana, ben, cleo, message } from "../examples.ts";

const liked = message({ seq: 1, reactions: [{ emoji: "👍", count: 2, user_ids: [ben, cleo] }] });
const poll = {
  question: "When?",
  options: [
    { text: "Monday", count: 1, user_ids: [ana] },
    { text: "Friday", count: 1, user_ids: [ben] },
  ],
  multiple: false,
  closed_at: null,
};

describe("what is wished", () => {
  test("joins a reaction, leaves it, and makes it the first of its kind", () => {
    expect(withWishes(liked, { reactions: { "👍": true }, vote: null }, ana).reactions).toEqual([
      { emoji: "👍", count: 3, user_ids: [ben, cleo, ana] },
    ]);
    expect(withWishes(liked, { reactions: { "👍": false }, vote: null }, ben).reactions).toEqual([
      { emoji: "👍", count: 1, user_ids: [cleo] },
    ]);
    const fresh = withWishes(liked, { reactions: { "🎉": true }, vote: null }, ana);
    expect(hasReacted(fresh, "🎉", ana)).toBe(true);
  });

  test("is nothing where it is so already", () => {
    expect(withWishes(liked, { reactions: { "👍": true, "🎉": false }, vote: null }, ben).reactions).toEqual(liked.reactions);
    expect(withWishes(liked, undefined, ben)).toBe(liked);
  });

  test("is the last vote and no other", () => {
    const asked = message({ seq: 1, poll });
    const voted = withWishes(asked, { reactions: {}, vote: [1] }, ana).poll;
    expect(voted?.options.map((option) => option.count)).toEqual([0, 2]);
    expect(voted && choicesOf(voted, ana)).toEqual([1]);
  });
});
