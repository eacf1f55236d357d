import { clsx } from "clsx";
import { useWords } from "../../bindings/language.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

const outline: readonly (readonly [own: boolean, width: string, height: string])[] = [
  [false, "14rem", "2.25rem"],
  [false, "19rem", "3.75rem"],
  [true, "11rem", "2.25rem"],
  [false, "16rem", "2.25rem"],
  [true, "18rem", "3.75rem"],
  [true, "9rem", "2.25rem"],
];

export function ThreadSkeleton() {
  const words = useWords();
  return (
    <div className="thread-skeleton" role="status" aria-label={words.loading}>
      {outline.map(([own, width, height]) => (
        <div key={width} className={clsx("entry", "entry-last", own && "entry-own")}>
          <div className="entry-body">
            <Skeleton shape="bubble" width={width} height={height} />
          </div>
        </div>
      ))}
    </div>
  );
}
