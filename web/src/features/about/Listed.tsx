import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useWords } from "../../bindings/language.tsx";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { More } from "../../ui/More.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

type ListedProps = {
  status: "loading" | "failed" | "ready";
  isEmpty: boolean;
  /** What is said where there is nothing. */
  empty: ReactNode;
  hasMore: boolean;
  onMore: () => void;
  children: ReactNode;
};

/** A list that comes page by page: its outline before, a way on where it failed, and more at its end. */
export function Listed({ status, isEmpty, empty, hasMore, onMore, children }: ListedProps) {
  const words = useWords();
  if (isEmpty && status === "loading") return <RowSkeletons />;
  if (isEmpty && status === "ready") return empty;
  return (
    <>
      {!isEmpty && children}
      {status === "failed" ? (
        <EmptyState icon={<TriangleAlert />} title={words.gathering.media.failed}>
          <Button onClick={onMore}>{words.tryAgain}</Button>
        </EmptyState>
      ) : (
        hasMore && <More label={words.gathering.about.loadMore} busy={status === "loading"} onMore={onMore} />
      )}
    </>
  );
}

export function RowSkeletons() {
  const words = useWords();
  return (
    <div role="status" aria-label={words.loading}>
      {["7rem", "9rem", "6rem"].map((width) => (
        <div key={width} className="member">
          <Skeleton shape="circle" width="2.625rem" height="2.625rem" />
          <Skeleton shape="line" width={width} height="0.8rem" />
        </div>
      ))}
    </div>
  );
}
