import { clsx } from "clsx";
import { useStore } from "zustand";
import { useClient, useMe } from "../../bindings/client.tsx";
import { useThreadActs } from "./acts.ts";

export type Mentioned = {
  /** Ids of the people whom the message mentions, as the server found them. */
  mentions: readonly string[];
  /** It mentions everyone. */
  callsAll: boolean;
};

const everyone = "all";

/** The name of somebody who is called; what only looks like one is words like others. */
export function Mention({ name, mentions, callsAll }: Mentioned & { name: string }) {
  const client = useClient();
  const me = useMe();
  const { onPerson } = useThreadActs();
  // A full stop after a name may be the sentence's.
  const short = name.replace(/\.+$/u, "");
  const called = useStore(client.stores.users, ({ byId }) => {
    const people = mentions.flatMap((id) => byId[id] ?? []);
    const goesBy = (said: string) =>
      people.find(({ username }) => username?.toLowerCase() === said.toLowerCase());
    return goesBy(name) ?? goesBy(short);
  });
  const said = called?.username?.length === name.length ? name : short;
  const rest = name.slice(said.length);
  if (called) {
    return (
      <>
        <button
          type="button"
          className={clsx("mention", called.id === me.id && "mention-me")}
          onClick={() => onPerson(called.id)}
        >
          @{said}
        </button>
        {rest}
      </>
    );
  }
  if (callsAll && short.toLowerCase() === everyone) {
    return (
      <>
        <span className="mention mention-me">@{short}</span>
        {name.slice(short.length)}
      </>
    );
  }
  return `@${name}`;
}
