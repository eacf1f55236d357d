import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Answer } from "../../bindings/answer.ts";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { sentenceOf } from "../../words/refusals.ts";
import { SettingsBlock } from "./SettingsFrame.tsx";
import { SettingsFact } from "./SettingsRow.tsx";

type LoadedProps<Value> = {
  answer: Answer<Value>;
  onRetry: () => void;
  /** How many lines its outline has while it loads. */
  rows: number;
  /** It stands for whole blocks, and is in none itself. */
  ofBlocks?: boolean;
  children: (value: Value) => ReactNode;
};

/** What the server answered, its outline before, and what to do where it did not answer. */
export function Loaded<Value>(props: LoadedProps<Value>) {
  const { answer, onRetry, rows, ofBlocks = false, children } = props;
  if (answer.status === "ready") return children(answer.value);
  const stead =
    answer.status === "loading" ? (
      <RowSkeletons rows={rows} />
    ) : (
      <LoadingFailed error={answer.error} onRetry={onRetry} />
    );
  return ofBlocks ? <SettingsBlock>{stead}</SettingsBlock> : stead;
}

export function LoadingFailed({ error, onRetry }: { error?: unknown; onRetry: () => void }) {
  const words = useWords();
  return (
    <SettingsFact
      icon={<TriangleAlert />}
      label={words.settings.failed}
      hint={error === undefined ? undefined : sentenceOf(error, words)}
    >
      <Button onClick={onRetry}>{words.tryAgain}</Button>
    </SettingsFact>
  );
}

const widths_percent = [46, 62, 38, 54, 42, 58];

export function RowSkeletons({ rows }: { rows: number }) {
  const words = useWords();
  return (
    <div role="status" aria-label={words.loading}>
      {widths_percent.slice(0, rows).map((width) => (
        <div key={width} className="settings-fact">
          <Skeleton shape="circle" width="1.5rem" height="1.5rem" />
          <span className="settings-row-text settings-row-outline">
            <Skeleton shape="line" width={`${width}%`} height="0.8rem" />
            <Skeleton shape="line" width={`${width + 20}%`} height="0.65rem" />
          </span>
        </div>
      ))}
    </div>
  );
}
