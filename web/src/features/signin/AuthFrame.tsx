import "./signin.css";
import { useEffect, useRef, type ReactNode } from "react";
import { finePointer } from "../../bindings/media.ts";
import { useWords } from "../../bindings/language.tsx";
import { Mark } from "../../ui/Mark.tsx";

type AuthFrameProps = {
  title: string;
  lead?: ReactNode;
  /** Stands in the place of the sign of Tertulia: a drawing of what happened. */
  sign?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
};

/** The page around everything that is done at the door: what it is about, the form, and the ways elsewhere. */
export function AuthFrame({ title, lead, sign, children, footer }: AuthFrameProps) {
  return (
    <main className="auth">
      <div className="auth-card">
        {sign === undefined ? (
          <span className="auth-mark">
            <Mark />
          </span>
        ) : (
          <span className="auth-sign" aria-hidden="true">
            {sign}
          </span>
        )}
        <Title key={title} title={title} />
        {lead !== undefined && <p className="auth-lead">{lead}</p>}
        {children}
        {footer !== undefined && <p className="auth-footer">{footer}</p>}
      </div>
    </main>
  );
}

function Title({ title }: { title: string }) {
  const { appName } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = title.includes(appName) ? title : `${title} · ${appName}`;
    return () => {
      document.title = appName;
    };
  }, [title, appName]);

  // What led here is gone, and the focus with it.
  useEffect(() => {
    const card = heading.current?.parentElement;
    if (card?.contains(document.activeElement)) return;
    const field = matchMedia(finePointer).matches ? card?.querySelector("input") : null;
    (field ?? heading.current)?.focus();
  }, []);

  return (
    <h1 className="auth-title" ref={heading} tabIndex={-1}>
      {title}
    </h1>
  );
}
