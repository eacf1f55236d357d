import "./tooltip.css";
import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

/** Stands once around the whole client, so that one tooltip follows another without delay. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={600} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}

/** A word on what a control without words does; its name for screen readers is the control's own. */
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8} aria-hidden="true">
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
