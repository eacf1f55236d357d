import { useEffect, useState } from "react";

const pause_ms = 180;

export type Found<Result> = {
  readonly status: "searching" | "found" | "failed";
  /** The last answer; it stays until the next is there. Null before the first and after a failure. */
  readonly result: Result | null;
};

type Find<Result> = (text: string) => Promise<Result>;

type Answer<Result> = {
  readonly find: Find<Result>;
  readonly text: string;
  readonly status: "found" | "failed";
  readonly result: Result | null;
};

/** What `find` answers for a text, asked once the typing pauses. */
export function useFound<Result>(find: Find<Result>, text: string): Found<Result> {
  const [answer, setAnswer] = useState<Answer<Result> | null>(null);

  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(async () => {
      try {
        const result = await find(text);
        if (isWanted) setAnswer({ find, text, status: "found", result });
      } catch {
        if (isWanted) setAnswer({ find, text, status: "failed", result: null });
      }
    }, pause_ms);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [find, text]);

  if (answer === null) return { status: "searching", result: null };
  const isCurrent = answer.find === find && answer.text === text;
  return { status: isCurrent ? answer.status : "searching", result: answer.result };
}
