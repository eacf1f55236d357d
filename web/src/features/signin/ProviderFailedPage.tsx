import { Unplug } from "lucide-react";
import { Link } from "wouter";
import { useFragment } from "../../bindings/fragment.ts";
import { useWords } from "../../bindings/language.tsx";
import { AuthFrame } from "./AuthFrame.tsx";
import { doors } from "./doors.ts";
import { providerFailure } from "./provider_failure.ts";

/** `settingsHref` leads on where somebody is in, and wanted to connect an account. */
type ProviderFailedPageProps = { signInHref: string; settingsHref: string | null };

/** What an account elsewhere did not come to, and why. */
export function ProviderFailedPage({ signInHref, settingsHref }: ProviderFailedPageProps) {
  const { entrance } = useWords();
  const texts = entrance.providerFailed;
  const failure = providerFailure(useFragment(doors.providerFailed));
  return (
    <AuthFrame
      sign={<Unplug />}
      title={settingsHref === null ? texts.title : texts.linkingTitle}
      lead={texts[failure]}
    >
      <Link className="button button-accent button-wide" href={settingsHref ?? signInHref}>
        {settingsHref === null ? entrance.backToSignIn : texts.toSettings}
      </Link>
    </AuthFrame>
  );
}
