import "./skeleton.css";

type SkeletonProps = { shape: "line" | "circle" | "bubble"; width: string; height: string };

/** The outline of what is about to come, so that nothing jumps when it does. */
export function Skeleton({ shape, width, height }: SkeletonProps) {
  return <span className={`skeleton skeleton-${shape}`} style={{ width, height }} aria-hidden="true" />;
}
