import "./connection-bar.css";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useClient } from "../bindings/client.tsx";
import { useWords } from "../bindings/language.tsx";
import { Spinner } from "../ui/Spinner.tsx";

const patience_ms = 1200;

/** Says that the server is out of reach; of a connection that comes within a moment it says nothing. */
export function ConnectionBar() {
  const words = useWords();
  const client = useClient();
  const status = useStore(client.stores.connection, (connection) => connection.status);
  const isSlow = useIsLasting(status === "connecting", patience_ms);

  const isShown = status === "offline" || isSlow;
  return (
    <div className="connection-bar" role="status" data-shown={isShown}>
      <div>
        {status === "offline" && (
          <p>
            {words.connection.offline}
            <button type="button" onClick={() => client.reconnect()}>
              {words.connection.tryNow}
            </button>
          </p>
        )}
        {status === "connecting" && isSlow && (
          <p>
            <Spinner />
            {words.connection.connecting}
          </p>
        )}
      </div>
    </div>
  );
}

function useIsLasting(holds: boolean, least_ms: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!holds) return undefined;
    const timer = setTimeout(() => setLasts(true), least_ms);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [holds, least_ms]);
  return lasts;
}
