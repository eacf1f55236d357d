import "./switch.css";
import { Switch as Radix } from "radix-ui";
import { useId } from "react";

type SwitchProps = {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
};

export function Switch({ label, hint, checked, disabled = false, onChange }: SwitchProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className="switch-row">
      <label className="switch-label" htmlFor={id}>
        {label}
        {hint && (
          <span className="switch-hint" id={hintId} aria-hidden="true">
            {hint}
          </span>
        )}
      </label>
      <Radix.Root
        id={id}
        className="switch"
        aria-label={label}
        {...(hint ? { "aria-describedby": hintId } : {})}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
      >
        <Radix.Thumb className="switch-thumb" />
      </Radix.Root>
    </div>
  );
}
