import { vi } from "vitest";

/** Waits until a check passes: long enough for a machine that is busy with other tests. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 15_000, interval: 20 });
}
