import "./spinner.css";

/** Something turns while something is awaited; what is awaited is said by its surroundings. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
