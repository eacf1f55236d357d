import "./search-field.css";
import { Search, X } from "lucide-react";
import type { ComponentProps } from "react";
import { Spinner } from "./Spinner.tsx";

type SearchFieldProps = Omit<ComponentProps<"input">, "onChange" | "value" | "type"> & {
  label: string;
  clearLabel: string;
  value: string;
  onChange: (value: string) => void;
  busy?: boolean;
};

export function SearchField({
  label,
  clearLabel,
  value,
  onChange,
  busy = false,
  onKeyDown,
  ...rest
}: SearchFieldProps) {
  return (
    <div className="search-field">
      <span className="search-field-icon" aria-hidden="true">
        {busy ? <Spinner /> : <Search />}
      </span>
      <input
        {...rest}
        type="search"
        className="search-field-input"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) {
            event.stopPropagation();
            onChange("");
          }
          onKeyDown?.(event);
        }}
      />
      {value && (
        <button
          type="button"
          className="search-field-clear"
          aria-label={clearLabel}
          onClick={() => onChange("")}
        >
          <X />
        </button>
      )}
    </div>
  );
}
