/** Work that a person starts from a form or a button, and what becomes of it. */

import { useCallback, useRef, useState } from "react";

export type Action =
  | { readonly status: "idle" }
  | { readonly status: "running" }
  | { readonly status: "refused"; readonly error: unknown };

const idle: Action = { status: "idle" };

/** Runs one piece of work at a time; a refusal stays to be shown until the next try. */
export function useAction() {
  const [action, setAction] = useState<Action>(idle);
  const running = useRef(false);

  const run = useCallback(async (work: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setAction({ status: "running" });
    try {
      await work();
      setAction(idle);
    } catch (error) {
      setAction({ status: "refused", error });
    } finally {
      running.current = false;
    }
  }, []);

  const forget = useCallback(() => setAction(idle), []);
  return { action, run, forget };
}
