import "./progress-bar.css";

type ProgressBarProps = {
  label: string;
  /** 0 to 1; null while it cannot be told. */
  done: number | null;
};

/** How far long work has come. */
export function ProgressBar({ label, done }: ProgressBarProps) {
  return (
    <progress
      className="progress-bar"
      aria-label={label}
      max={1}
      {...(done === null ? {} : { value: done })}
    />
  );
}
