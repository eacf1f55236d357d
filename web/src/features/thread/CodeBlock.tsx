import { Copy } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import { useCopy } from "./useCopy.ts";

/** Several lines of code as they are, to be copied whole. */
export function CodeBlock({ language, text }: { language: string; text: string }) {
  const { messages, thread } = useWords();
  const copy = useCopy();
  return (
    <div className="code-block">
      <div className="code-block-head">
        <span>{language || messages.code}</span>
        <button
          type="button"
          aria-label={messages.copyCode}
          onClick={() => void copy(text, { done: thread.copied, failed: thread.copyFailed })}
        >
          <Copy />
        </button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
