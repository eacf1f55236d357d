import "./handover-code.css";

/** Six digits to be compared with those on another screen, in two groups of three. */
export function HandoverCode({ code, label }: { code: string; label: string }) {
  return (
    <p className="handover-code" role="group" aria-label={label}>
      <span>{code.slice(0, 3)}</span> <span>{code.slice(3)}</span>
    </p>
  );
}
