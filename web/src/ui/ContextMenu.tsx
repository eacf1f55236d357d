import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

export type Point = { x: number; y: number };

type ContextMenuProps = {
  /** Where on the page it opens, in CSS pixels of the viewport. */
  at: Point;
  onClose: () => void;
  /** Where the focus goes when it closes; to nowhere in particular where left out. */
  returnFocus?: () => void;
  children: ReactNode;
};

/**
 * A menu that opens at a point, holding `MenuItem`s. It stands open for as long as it is rendered,
 * so that a list of thousands needs one and not thousands.
 */
export function ContextMenu({ at, onClose, returnFocus, children }: ContextMenuProps) {
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span
          className="context-menu-point"
          style={{ left: at.x, top: at.y }}
          aria-hidden="true"
          tabIndex={-1}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus?.();
          }}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
