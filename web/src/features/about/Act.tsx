import type { ReactNode } from "react";

type ActProps = { icon: ReactNode; danger?: boolean; onPress: () => void; children: string };

/** One thing that can be done, in a line of its own. */
export function Act({ icon, danger = false, onPress, children }: ActProps) {
  return (
    <button
      type="button"
      className={danger ? "about-act about-act-danger" : "about-act"}
      onClick={onPress}
    >
      {icon}
      {children}
    </button>
  );
}
