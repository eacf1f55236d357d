/** The sign of Tertulia: a cup whose steam is talk. */
export function Mark() {
  return (
    <svg viewBox="0 0 120 120" aria-hidden="true" width="100%" height="100%">
      <circle cx="60" cy="60" r="60" fill="var(--accent)" />
      <path fill="#fff" d="M35 24h42a9 9 0 0 1 9 9v11a9 9 0 0 1-9 9H58l-10.600 8.700a1.500 1.500 0 0 1-2.400-1.300L45.500 53H35a9 9 0 0 1-9-9V33a9 9 0 0 1 9-9Z" />
      <path fill="#fff" fillRule="evenodd" d="M31 66h50v4h4a10.500 10.500 0 0 1 0 21h-6.600A20 20 0 0 1 61 100H51a20 20 0 0 1-20-20Zm50 10v4q0 2.500-.5 5H85a4.500 4.500 0 0 0 0-9Z" />
    </svg>
  );
}
