import { Fingerprint, Smartphone } from "lucide-react";
import { Link } from "wouter";
import { useAction } from "../../bindings/action.ts";
import { useAnswer } from "../../bindings/answer.ts";
import { useClient } from "../../bindings/client.tsx";
import { useWords } from "../../bindings/language.tsx";
import type { Admission } from "../../model/entrance.ts";
import { canUsePasskeys } from "../../protocol/passkeys.ts";
import { Button } from "../../ui/Button.tsx";
import { doors } from "./doors.ts";
import { PasskeyRefusal } from "./PasskeyRefusal.tsx";
import { ProviderLinks } from "./ProviderLinks.tsx";

/** Ways in beside the password: those that this server has and this browser can go. */
export function OtherWays({ onAdmission }: { onAdmission: (admission: Admission) => void }) {
  const words = useWords();
  const { entrance } = useClient();
  const { answer } = useAnswer(entrance.waysIn);
  const { action, run } = useAction();
  const ways = answer.status === "ready" ? answer.value : null;

  return (
    <div className="auth-ways">
      <p className="auth-or">
        <span>{words.entrance.or}</span>
      </p>
      {ways?.sms !== false && (
        <Link className="button button-outline button-wide" href={doors.phone}>
          <Smartphone aria-hidden="true" />
          {words.entrance.phone}
        </Link>
      )}
      {ways?.passkeys && canUsePasskeys() && (
        <Button
          tone="outline"
          wide
          busy={action.status === "running"}
          onClick={() => void run(async () => onAdmission(await entrance.signInByPasskey()))}
        >
          <Fingerprint aria-hidden="true" />
          {words.entrance.passkey}
        </Button>
      )}
      {ways && <ProviderLinks providers={ways.providers} />}
      {action.status === "refused" && <PasskeyRefusal error={action.error} />}
    </div>
  );
}
