import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Link } from "wouter";

type SettingsRowProps = {
  icon: ReactNode;
  label: string;
  /** One more line, in a softer voice. */
  hint?: ReactNode;
  tone?: "plain" | "accent" | "danger";
} & ({ href: string; onPress?: never } | { href?: never; onPress: () => void; busy?: boolean });

/** A line to press: it leads to a page, or does something. */
export function SettingsRow(props: SettingsRowProps) {
  const { icon, label, hint, tone = "plain" } = props;
  const className = clsx("settings-row", `settings-row-${tone}`);
  const content = (
    <>
      <span className="settings-row-icon" aria-hidden="true">
        {icon}
      </span>
      <span className="settings-row-text">
        <span className="settings-row-label">{label}</span>
        {hint && <span className="settings-row-hint">{hint}</span>}
      </span>
    </>
  );
  if (props.href !== undefined) {
    return (
      <Link href={props.href} className={className} draggable={false}>
        {content}
      </Link>
    );
  }
  return (
    <button type="button" className={className} disabled={props.busy} onClick={props.onPress}>
      {content}
    </button>
  );
}

type SettingsFactProps = { icon: ReactNode; label: string; hint?: ReactNode; children?: ReactNode };

/** A line that tells something; its buttons stand at the end. */
export function SettingsFact({ icon, label, hint, children }: SettingsFactProps) {
  return (
    <div className="settings-fact">
      <span className="settings-row-icon" aria-hidden="true">
        {icon}
      </span>
      <span className="settings-row-text">
        <span className="settings-row-label">{label}</span>
        {hint && <span className="settings-row-hint">{hint}</span>}
      </span>
      {children}
    </div>
  );
}
