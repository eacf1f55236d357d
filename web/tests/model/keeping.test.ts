import * as fc from "fast-check";
import { expect, test } from "vitest";
import { afterChange, forEver, isArchived, isMuted, isMutedForEver, isUnread } from "../../src/model/keeping.ts";
import type { Preferences } from "../../src/model/conversation.ts";

const now = new Date("2026-03-04T12:00:00.000Z");
const before = "2026-03-04T11:00:00.000Z";
const later = "2026-03-04T13:00:00.000Z";
const plain: Preferences = {
  notify: null,
  muted_until: null,
  pinned_at: null,
  archived_at: null,
  marked_unread: false,
};

test("a chat is muted until its time has come", () => {
  expect(isMuted(plain, now)).toBe(false);
  expect(isMuted({ ...plain, muted_until: before }, now)).toBe(false);
  expect(isMuted({ ...plain, muted_until: later }, now)).toBe(true);
  expect(isMutedForEver({ ...plain, muted_until: later })).toBe(false);
  expect(isMutedForEver({ ...plain, muted_until: forEver })).toBe(true);
});

test("what is archived comes back with something new, unless it is muted", () => {
  const archived = { ...plain, archived_at: now.toISOString() };
  expect(isArchived({ preferences: plain, last_activity_at: before }, now)).toBe(false);
  expect(isArchived({ preferences: archived, last_activity_at: before }, now)).toBe(true);
  expect(isArchived({ preferences: archived, last_activity_at: now.toISOString() }, now)).toBe(true);
  expect(isArchived({ preferences: archived, last_activity_at: later }, now)).toBe(false);
  expect(isArchived({ preferences: { ...archived, muted_until: later }, last_activity_at: later }, now)).toBe(true);
});

test("a chat is unread by what came or by a mark", () => {
  expect(isUnread({ unread: 0, preferences: plain })).toBe(false);
  expect(isUnread({ unread: 2, preferences: plain })).toBe(true);
  expect(isUnread({ unread: 0, preferences: { ...plain, marked_unread: true } })).toBe(true);
});

const changes = fc.record(
  {
    notify: fc.constantFrom("all", "mentions", "nothing", null),
    muted_until: fc.constantFrom(null, later),
    pinned: fc.boolean(),
    archived: fc.boolean(),
    marked_unread: fc.boolean(),
  },
  { requiredKeys: [] },
);

test("a change says what it names and leaves the rest", () => {
  fc.assert(
    fc.property(changes, (change) => {
      const after = afterChange(plain, change, now);
      expect(after.notify).toBe(change.notify ?? null);
      expect(after.muted_until).toBe(change.muted_until ?? null);
      expect(after.pinned_at !== null).toBe(change.pinned ?? false);
      expect(after.archived_at !== null).toBe(change.archived ?? false);
      expect(after.marked_unread).toBe(change.marked_unread ?? false);
      expect(afterChange(after, {}, now)).toEqual(after);
    }),
  );
});
