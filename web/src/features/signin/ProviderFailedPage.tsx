import { Link } from "wouter";
import { useWords } from "../../bindings/language.tsx";
import type { Words } from "../../words/english.ts";
import { AuthFrame } from "./AuthFrame.tsx";
import { useFragment } from "./useFragment.ts";

/** A provider has not let somebody in: why, and a way on. */
export function ProviderFailedPage({ backHref }: { backHref: string }) {
  const words = useWords();
  const code = useFragment();
  return (
    <AuthFrame
      title={words.entrance.providerFailed.title}
      lead={providerFailure(code, words)}
      footer={<Link href={backHref}>{words.back}</Link>}
    />
  );
}

export function providerFailure(code: string, words: Words): string {
  const texts = words.entrance.providerFailed;
  const sentences: Readonly<Record<string, string>> = {
    access_denied: texts.accessDenied,
    account_exists: texts.accountExists,
    state_mismatch: texts.stateMismatch,
    unavailable: texts.unavailable,
    account_disabled: texts.accountDisabled,
    identity_taken: texts.identityTaken,
    provider_connected: texts.providerConnected,
  };
  return sentences[code] ?? texts.other;
}
