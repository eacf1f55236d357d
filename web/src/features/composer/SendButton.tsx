import { BellOff, CalendarClock, Check, SendHorizontal } from "lucide-react";
import { useState } from "react";
import { useWords } from "../../bindings/language.tsx";
import { ContextMenu, type Point } from "../../ui/ContextMenu.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { MenuItem } from "../../ui/Menu.tsx";
import { useLongPress } from "../../ui/useLongPress.ts";

type SendButtonProps = {
  isEdit: boolean;
  disabled: boolean;
  /** How long slow mode has one wait. */
  wait_s: number;
  onSend: () => void;
  /** Absent where there is only one way to send. */
  ways?: { onSilently: () => void; onSchedule?: () => void } | undefined;
};

/** Sends; pressed long, or by the right button, it offers the other ways to. */
export function SendButton({ isEdit, disabled, wait_s, onSend, ways }: SendButtonProps) {
  const words = useWords();
  const [at, setAt] = useState<Point | null>(null);
  const open = (point: Point) => {
    if (ways && !disabled) setAt(point);
  };
  const longPress = useLongPress(open);
  const isWaiting = wait_s > 0 && !isEdit;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the button in it is what is pressed
    <div
      className="composer-send-place"
      {...longPress}
      // The focus stays in the field.
      onMouseDown={(event) => event.preventDefault()}
      onContextMenu={(event) => {
        event.preventDefault();
        const box = event.currentTarget.getBoundingClientRect();
        open({ x: box.right, y: box.top });
      }}
      {...(isWaiting ? { title: words.composing.slowMode(wait_s) } : {})}
    >
      <IconButton
        className="composer-send"
        tone="accent"
        label={words.composer.send}
        icon={isWaiting ? <span className="composer-wait">{wait_s}</span> : isEdit ? <Check /> : <SendHorizontal />}
        disabled={disabled || isWaiting}
        onClick={onSend}
      />
      {at && ways && (
        <ContextMenu at={at} onClose={() => setAt(null)}>
          <MenuItem icon={<BellOff />} onSelect={ways.onSilently}>
            {words.composing.sendSilently}
          </MenuItem>
          {ways.onSchedule && (
            <MenuItem icon={<CalendarClock />} onSelect={ways.onSchedule}>
              {words.composing.schedule}
            </MenuItem>
          )}
        </ContextMenu>
      )}
    </div>
  );
}
