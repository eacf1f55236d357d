import "./text-field.css";
import { clsx } from "clsx";
import { useId } from "react";
import type { ComponentProps, ReactNode } from "react";

type Shared = {
  label: string;
  /** What is wrong with what stands in it, in one sentence. */
  error?: string | undefined;
  /** What is asked for, where the label alone does not say. */
  hint?: string;
  /** A small control at the end of the field. */
  end?: ReactNode;
};

type TextFieldProps =
  | (Shared & { multiline?: false } & Omit<ComponentProps<"input">, "placeholder">)
  | (Shared & { multiline: true } & Omit<ComponentProps<"textarea">, "placeholder">);

/** An outlined field whose label steps up when there is something in it; its error stands below it. */
export function TextField(props: TextFieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const { label, error, hint, end } = props;
  const note = error ?? hint;
  const wiring = {
    id,
    placeholder: " ",
    className: "text-field-input",
    "aria-invalid": Boolean(error),
    ...(note ? { "aria-describedby": noteId } : {}),
  };
  return (
    <div className={clsx("text-field", error && "text-field-wrong")}>
      <div className="text-field-box">
        {props.multiline ? (
          <textarea {...fieldProps(props)} {...wiring} />
        ) : (
          <input {...fieldProps(props)} {...wiring} />
        )}
        <label className="text-field-label" htmlFor={id}>
          {label}
        </label>
        {end}
      </div>
      {note && (
        <p className="text-field-note" id={noteId} {...(error ? { role: "alert" } : {})}>
          {note}
        </p>
      )}
    </div>
  );
}

function fieldProps<Props extends TextFieldProps>(props: Props) {
  const { label: _label, error: _error, hint: _hint, end: _end, multiline: _many, ...rest } = props;
  return rest as Omit<Props, keyof Shared | "multiline">;
}
