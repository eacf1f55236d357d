import "./icon-button.css";
import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { Tooltip } from "./Tooltip.tsx";

type IconButtonProps = Omit<ComponentProps<"button">, "children" | "aria-label"> & {
  label: string;
  icon: ReactNode;
  tone?: "quiet" | "accent" | "raised";
};

/** A round button with a drawing; `label` is its name and its tooltip. */
export function IconButton({ label, icon, tone = "quiet", className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={clsx("icon-button", `icon-button-${tone}`, className)}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
