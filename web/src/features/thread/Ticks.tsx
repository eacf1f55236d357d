import { Check, CheckCheck, CircleAlert, Clock } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";

/** How far an own message has come. */
export function Ticks({ state }: { state: "sending" | "sent" | "read" | "failedToSend" }) {
  const { thread } = useWords();
  const Sign = { sending: Clock, sent: Check, read: CheckCheck, failedToSend: CircleAlert }[state];
  return <Sign className={`ticks ticks-${state}`} role="img" aria-label={thread[state]} />;
}
