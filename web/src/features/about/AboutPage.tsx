import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";
import { IconButton } from "../../ui/IconButton.tsx";

type AboutPageProps = { title: string; onBack: () => void; children: ReactNode };

/** One of the pages that lie behind the first one about a chat. */
export function AboutPage({ title, onBack, children }: AboutPageProps) {
  const words = useWords();
  return (
    <section className="about" aria-label={title}>
      <header className="about-header">
        <IconButton label={words.back} icon={<ArrowLeft />} onClick={onBack} />
        <h2>{title}</h2>
      </header>
      <div className="about-scroll">{children}</div>
    </section>
  );
}
