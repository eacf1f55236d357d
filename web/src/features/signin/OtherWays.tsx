import { Fingerprint, Phone, UserRoundCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { WaysIn } from "../../model/entrance.ts";
import { canUsePasskeys } from "../../protocol/passkeys.ts";
import { Button } from "../../ui/Button.tsx";
import { phonePath, providerAddress } from "./paths.ts";
import { useWithPasskey } from "./useWithPasskey.ts";
import type { Coming } from "./useComingIn.ts";

/** The ways in beside by password, as far as this server and this browser have them. */
export function OtherWays({ coming }: { coming: Coming }) {
  const words = useWords();
  const { entrance } = useClient();
  const [, navigate] = useLocation();
  const ways = useWaysIn();
  const withPasskey = useWithPasskey();
  if (ways === null) return null;
  const hasPasskeys = ways.passkeys && canUsePasskeys(window.location.hostname);
  if (ways.providers.length === 0 && !ways.sms && !hasPasskeys) return null;
  return (
    <div className="auth-ways">
      <p className="auth-or">{words.entrance.or}</p>
      {ways.providers.map(({ id, title }) => (
        <Button key={id} wide onClick={() => window.location.assign(providerAddress(id))}>
          <UserRoundCheck />
          {words.entrance.byProvider(title)}
        </Button>
      ))}
      {hasPasskeys && (
        <Button wide onClick={() => void coming.run(withPasskey(() => entrance.signInByPasskey()))}>
          <Fingerprint />
          {words.entrance.byPasskey}
        </Button>
      )}
      {ways.sms && (
        <Button wide onClick={() => navigate(phonePath)}>
          <Phone />
          {words.entrance.byPhone}
        </Button>
      )}
    </div>
  );
}

/** Null until they are known, and where they cannot be: then the password is left. */
function useWaysIn(): WaysIn | null {
  const { entrance } = useClient();
  const [ways, setWays] = useState<WaysIn | null>(null);
  useEffect(() => {
    let isShown = true;
    entrance.waysIn().then(
      (found) => isShown && setWays(found),
      () => undefined,
    );
    return () => {
      isShown = false;
    };
  }, [entrance]);
  return ways;
}
