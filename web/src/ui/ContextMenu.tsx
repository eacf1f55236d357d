import { DropdownMenu } from "radix-ui";
import { useRef, type ReactNode } from "react";

export type Point = { x: number; y: number };

type ContextMenuProps = {
  /** Where on the page it opens, in CSS pixels of the viewport. */
  at: Point;
  onClose: () => void;
  children: ReactNode;
};

/**
 * A menu that opens at a point, holding `MenuItem`s. It stands open for as long as it is rendered,
 * so that a list of thousands needs one and not thousands.
 */
export function ContextMenu({ at, onClose, children }: ContextMenuProps) {
  const before = useRef(document.activeElement instanceof HTMLElement ? document.activeElement : null);
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
            // What was chosen may have taken the focus to where it is needed.
            if (document.activeElement === document.body) before.current?.focus();
          }}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
