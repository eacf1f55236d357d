import "./dialog.css";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./IconButton.tsx";

type DialogProps = {
  title: string;
  closeLabel: string;
  /** Said under the title, where the title alone does not tell what will happen. */
  text?: string;
  onClose: () => void;
  children?: ReactNode;
  /** The buttons at the end. */
  footer: ReactNode;
};

/** A question over everything else. It stands open for as long as it is rendered. */
export function Dialog({ title, closeLabel, text, onClose, children, footer }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-scrim">
          <Radix.Content className="dialog" {...(text ? {} : { "aria-describedby": undefined })}>
            <header className="dialog-header">
              <Radix.Title className="dialog-title">{title}</Radix.Title>
              <Radix.Close asChild>
                <IconButton label={closeLabel} icon={<X />} />
              </Radix.Close>
            </header>
            {text && <Radix.Description className="dialog-text">{text}</Radix.Description>}
            {children && <div className="dialog-body">{children}</div>}
            <footer className="dialog-footer">{footer}</footer>
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
