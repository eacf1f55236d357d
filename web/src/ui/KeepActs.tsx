import "./keep-acts.css";
import { Copy, Download } from "lucide-react";
import { useMemo } from "react";
import { useCopying } from "../bindings/copying.ts";
import { Button } from "./Button.tsx";

type KeepActsProps = {
  /** What is copied. */
  text: string;
  /** What the file holds. */
  file: string;
  words: { readonly copy: string; readonly copied: string; readonly download: string; readonly file: string };
};

/** The ways to keep a secret that is shown once. Its file is made in the page, so that it goes nowhere else. */
export function KeepActs({ text, file, words }: KeepActsProps) {
  const copy = useCopying(words.copied);
  const href = useMemo(() => `data:text/plain;charset=utf-8,${encodeURIComponent(file)}`, [file]);
  return (
    <div className="keep-acts">
      <Button onClick={() => void copy(text)}>
        <Copy aria-hidden="true" />
        {words.copy}
      </Button>
      <a className="button button-plain" href={href} download={words.file}>
        <Download aria-hidden="true" />
        {words.download}
      </a>
    </div>
  );
}
