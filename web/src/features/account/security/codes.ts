/** Keys and recovery codes as people copy, print and type them. */

/** In groups of four, so that the eye keeps its place. */
export function grouped(secret: string): string {
  return secret.replaceAll(/(.{4})(?=.)/gu, "$1 ");
}

/** What is kept in a file: whose they are, and each in a line of its own. */
export function codesFile(head: string, codes: readonly string[]): string {
  return `${head}\n\n${codes.join("\n")}\n`;
}
