import "./dialog.css";
import "./icon-button.css";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";

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
  const [menuButtonId] = useState(menuButtonIdNow);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-scrim">
          <Radix.Content
            className="dialog"
            onOpenAutoFocus={focusFirstField}
            onCloseAutoFocus={(event) => {
              const button = menuButtonId === null ? null : document.getElementById(menuButtonId);
              if (!button) return;
              event.preventDefault();
              button.focus();
            }}
            {...(text ? {} : { "aria-describedby": undefined })}
          >
            <header className="dialog-header">
              <Radix.Title className="dialog-title">{title}</Radix.Title>
              <Radix.Close className="icon-button icon-button-quiet" aria-label={closeLabel}>
                <X />
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

// The menu item that a dialog was opened from is gone when it closes; the button of its menu is still there.
function menuButtonIdNow(): string | null {
  return document.activeElement?.closest("[role=menu]")?.getAttribute("aria-labelledby") ?? null;
}

/** Into the first field; where there is none, on the first button at the end, which does no harm. */
function focusFirstField(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const first = event.currentTarget.querySelector<HTMLElement>("input, textarea, footer button");
  if (!first) return;
  event.preventDefault();
  first.focus();
}
