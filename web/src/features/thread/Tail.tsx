/** The corner by which the last bubble of a group points to its author. */
export function Tail({ own }: { own: boolean }) {
  return (
    <svg
      className={own ? "bubble-tail bubble-tail-own" : "bubble-tail"}
      width="9"
      height="18"
      viewBox="0 0 9 18"
      aria-hidden="true"
    >
      <path d="M9 0v18H1.200C.3 18 0 17 .7 16.500 5.500 13.200 8 8 8 0Z" fill="currentcolor" />
    </svg>
  );
}
