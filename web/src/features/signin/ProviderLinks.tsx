import { useWords } from "../../bindings/language.tsx";
import type { Provider } from "../../model/security.ts";

/** To come in by an account elsewhere: the page goes there and comes back. */
export function ProviderLinks({ providers }: { providers: readonly Provider[] }) {
  const words = useWords();
  return providers.map(({ id, title }) => (
    <a
      key={id}
      className="button button-outline button-wide"
      href={`/auth/social/${encodeURIComponent(id)}`}
    >
      <span className="auth-initial" aria-hidden="true">
        {[...title][0]}
      </span>
      {words.entrance.provider(title)}
    </a>
  ));
}
