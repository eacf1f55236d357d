import "./signin.css";
import type { ReactNode } from "react";
import { Mark } from "../../ui/Mark.tsx";

type AuthFrameProps = { title: string; lead: string; children?: ReactNode; footer: ReactNode };

/** The page around a form: who this is, what it is about, and the way to another one. */
export function AuthFrame({ title, lead, children, footer }: AuthFrameProps) {
  return (
    <main className="auth">
      <div className="auth-card">
        <span className="auth-mark">
          <Mark />
        </span>
        <h1 className="auth-title">{title}</h1>
        {lead && <p className="auth-lead">{lead}</p>}
        {children}
        <p className="auth-footer">{footer}</p>
      </div>
    </main>
  );
}
