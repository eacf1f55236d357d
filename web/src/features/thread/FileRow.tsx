import { Download, FileText } from "lucide-react";
import type { ReactNode } from "react";
import { useAction } from "../../bindings/action.ts";
import { useLanguage } from "../../bindings/language.tsx";
import { useSaving } from "../../bindings/sealed_files.ts";
import type { Attachment } from "../../model/message.ts";
import { sizeText } from "../../model/sizes.ts";
import { Spinner } from "../../ui/Spinner.tsx";
import { sentenceOf } from "../../words/refusals.ts";

const downloadIcon = (
  <>
    <FileText className="file-icon-plain" aria-hidden="true" />
    <Download className="file-icon-hover" aria-hidden="true" />
  </>
);

/** A file to be downloaded, by its name; one that is sealed is opened in the page first. */
export function FileRow({ file }: { file: Attachment }) {
  const { words, locale } = useLanguage();
  const { action, run } = useAction();
  const save = useSaving();
  const size = sizeText(file.size, locale);
  const inside = (
    <>
      <span className="unseen">
        {words.composing.media.downloadOf(file.name)}, {size}
      </span>
      <FileFace
        isNamed
        name={file.name}
        detail={action.status === "refused" ? sentenceOf(action.error, words) : size}
        icon={action.status === "running" ? <Spinner /> : downloadIcon}
      />
    </>
  );
  if (file.sealed === undefined) {
    return (
      <a className="file-row" href={`${file.url}?download=1`} download={file.name} title={file.name}>
        {inside}
      </a>
    );
  }
  return (
    <button
      type="button"
      className="file-row"
      title={file.name}
      aria-busy={action.status === "running"}
      onClick={() => void run(() => save(file))}
    >
      {inside}
    </button>
  );
}

type FileFaceProps = {
  name: string;
  detail: string;
  icon: ReactNode;
  /** What it stands in bears its name in one piece. */
  isNamed?: boolean;
};

/** What a file looks like, on its way and at its end. The end of a long name, which tells its kind, stays in view. */
export function FileFace({ name, detail, icon, isNamed = false }: FileFaceProps) {
  const cut = Math.max(0, name.length - 8);
  return (
    <>
      <span className="file-icon">{icon}</span>
      <span className="file-text" aria-hidden={isNamed || undefined}>
        <span className="file-name">
          <span>{name.slice(0, cut)}</span>
          <span>{name.slice(cut)}</span>
        </span>
        <span className="file-detail">{detail}</span>
      </span>
    </>
  );
}
