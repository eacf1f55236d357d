import "./choice.css";
import { useId } from "react";
import type { ReactNode } from "react";

type ChoiceProps<Value extends string> = {
  label: string;
  options: readonly { value: Value; label: string; icon: ReactNode }[];
  value: Value;
  onChange: (value: Value) => void;
};

/** One of a few, all of them in view. */
export function Choice<Value extends string>({
  label,
  options,
  value,
  onChange,
}: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice-option">
          <input
            type="radio"
            className="unseen"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className="choice-icon" aria-hidden="true">
            {option.icon}
          </span>
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
