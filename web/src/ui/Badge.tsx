import "./badge.css";
import { clsx } from "clsx";

type BadgeProps = {
  /** What is shown, already worded for the locale. */
  text: string;
  /** What is said, for instance "3 unread messages". */
  label: string;
  tone?: "accent" | "quiet";
};

export function Badge({ text, label, tone = "accent" }: BadgeProps) {
  return (
    <span className={clsx("badge", `badge-${tone}`)}>
      <span aria-hidden="true">{text}</span>
      <span className="unseen">{label}</span>
    </span>
  );
}
