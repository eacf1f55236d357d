import "./strip.css";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./IconButton.tsx";

type StripProps = {
  /** What a screen reader calls it. */
  label: string;
  icon: ReactNode;
  /** Whether it asks for something that is missing. */
  tone?: "plain" | "accent";
  putOffLabel: string;
  onPutOff: () => void;
  children: ReactNode;
};

/** Something to be done about the account, over the list of chats, until it is put off. */
export function Strip({ label, icon, tone = "plain", putOffLabel, onPutOff, children }: StripProps) {
  return (
    <section className={`strip strip-${tone}`} aria-label={label}>
      {icon}
      <div className="strip-body">{children}</div>
      <IconButton label={putOffLabel} icon={<X />} onClick={onPutOff} />
    </section>
  );
}
