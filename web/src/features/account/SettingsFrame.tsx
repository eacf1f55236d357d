import "./settings.css";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";
import { IconButton } from "../../ui/IconButton.tsx";

type SettingsFrameProps = { title: string; onBack: () => void; children: ReactNode };

/** One page of the settings: what it is about, the way back, and its blocks. */
export function SettingsFrame({ title, onBack, children }: SettingsFrameProps) {
  const words = useWords();
  return (
    <section className="settings" aria-label={title}>
      <header className="settings-header">
        <IconButton label={words.back} icon={<ArrowLeft />} onClick={onBack} />
        <h2>{title}</h2>
      </header>
      <div className="settings-scroll">{children}</div>
    </section>
  );
}

type SettingsBlockProps = {
  title?: string;
  /** What it is for, below the title. */
  text?: string | undefined;
  children: ReactNode;
};

/** Things that belong together. */
export function SettingsBlock({ title, text, children }: SettingsBlockProps) {
  return (
    <div className="settings-block">
      {title && <h3>{title}</h3>}
      {text && <p className="settings-text">{text}</p>}
      {children}
    </div>
  );
}
