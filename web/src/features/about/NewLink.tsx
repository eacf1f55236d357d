import { useState } from "react";
import { useWords } from "../../bindings/language.tsx";
import type { InviteTerms } from "../../model/invites.ts";
import { Button } from "../../ui/Button.tsx";
import { Chip } from "../../ui/Chip.tsx";

type NewLinkProps = { busy: boolean; error: string | undefined; onCreate: (terms: InviteTerms) => void };

const day_s = 86_400;
const expiries = [
  ["hour", 3600],
  ["day", day_s],
  ["week", 7 * day_s],
  ["month", 30 * day_s],
  ["never", null],
] as const;
const mostUses: readonly (number | null)[] = [1, 10, 100, null];

/** How long a link shall hold and for how many, and the button that makes it. */
export function NewLink({ busy, error, onCreate }: NewLinkProps) {
  const words = useWords();
  const { links } = words.gathering;
  const [expires_in_s, setExpiry] = useState<number | null>(7 * day_s);
  const [max_uses, setMaxUses] = useState<number | null>(null);
  return (
    <div className="about-newlink">
      <p id="newlink-expiry">{links.holds}</p>
      <div className="about-chips" role="group" aria-labelledby="newlink-expiry">
        {expiries.map(([name, seconds]) => (
          <Chip key={name} pressed={seconds === expires_in_s} onPress={() => setExpiry(seconds)}>
            {links.expiry[name]}
          </Chip>
        ))}
      </div>
      <p id="newlink-uses">{links.uses}</p>
      <div className="about-chips" role="group" aria-labelledby="newlink-uses">
        {mostUses.map((most) => (
          <Chip key={most} pressed={most === max_uses} onPress={() => setMaxUses(most)}>
            {most === null ? links.anyNumber : words.number(most)}
          </Chip>
        ))}
      </div>
      {error && (
        <p className="dialog-refusal" role="alert">
          {error}
        </p>
      )}
      <Button
        tone="accent"
        wide
        busy={busy}
        onClick={() =>
          onCreate({
            ...(expires_in_s === null ? {} : { expires_in_s }),
            ...(max_uses === null ? {} : { max_uses }),
          })
        }
      >
        {links.create}
      </Button>
    </div>
  );
}
