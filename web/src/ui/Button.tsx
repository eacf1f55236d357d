import "./button.css";
import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { Spinner } from "./Spinner.tsx";

type ButtonProps = ComponentProps<"button"> & {
  tone?: "accent" | "outline" | "plain" | "danger" | "danger-plain";
  wide?: boolean;
  /** While the work that it started goes on: shown turning, and not to be pressed again. */
  busy?: boolean;
};

export function Button({
  tone = "plain",
  wide = false,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={clsx("button", `button-${tone}`, wide && "button-wide", className)}
    >
      {children}
      {busy && <Spinner />}
    </button>
  );
}
