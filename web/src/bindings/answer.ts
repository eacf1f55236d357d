/** What a view asks the server for when it comes, and may ask again. */

import { useCallback, useEffect, useRef, useState } from "react";

export type Answer<Value> =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly error: unknown }
  | { readonly status: "ready"; readonly value: Value };

/** `ask` has to stay the same function. Asked again, the last answer stays in view until the next is there. */
export function useAnswer<Value>(ask: () => Promise<Value>) {
  const [answer, setAnswer] = useState<Answer<Value>>({ status: "loading" });
  const turn = useRef(0);

  const load = useCallback(async () => {
    turn.current += 1;
    const asked = turn.current;
    const put = (next: (before: Answer<Value>) => Answer<Value>) => {
      if (asked === turn.current) setAnswer(next);
    };
    try {
      const value = await ask();
      put(() => ({ status: "ready", value }));
    } catch (error) {
      put((before) => (before.status === "ready" ? before : { status: "failed", error }));
    }
  }, [ask]);

  useEffect(() => {
    void load();
    return () => {
      turn.current += 1;
    };
  }, [load]);

  /** Shows what is known already without asking. */
  const put = useCallback((value: Value) => {
    turn.current += 1;
    setAnswer({ status: "ready", value });
  }, []);
  return { answer, load, put };
}

/** Calls back whenever the page is looked at again. */
export function useLookedAt(onLookedAt: () => void): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") onLookedAt();
    };
    document.addEventListener("visibilitychange", look);
    globalThis.addEventListener("focus", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      globalThis.removeEventListener("focus", look);
    };
  }, [onLookedAt]);
}
