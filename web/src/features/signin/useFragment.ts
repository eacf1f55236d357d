/** What stands behind the `#` of an address: a secret of a link, which is not left in sight. */

import { useEffect, useState } from "react";

/** The fragment with which the page was come to; the address bar shows it no longer. */
export function useFragment(): string {
  const [fragment] = useState(() => decodeURIComponent(window.location.hash.slice(1)));
  useEffect(() => {
    if (window.location.hash !== "") {
      window.history.replaceState(window.history.state, "", window.location.pathname);
    }
  }, []);
  return fragment;
}
