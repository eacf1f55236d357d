/** Tells messages that are nothing but a few emoji, which are drawn large. */

const most = 3;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many emoji the text consists of, when it is one to three of them and nothing else; else 0. */
export function countOfBareEmoji(text: string): 0 | 1 | 2 | 3 {
  const signs = text.trim();
  if (signs.length === 0 || signs.length > 40) return 0;
  const found = [...graphemes.segment(signs)].map(({ segment }) => segment);
  if (found.length > most || !found.every(isEmoji)) return 0;
  return found.length as 1 | 2 | 3;
}

function isEmoji(grapheme: string): boolean {
  return /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Regional_Indicator}{2})/u.test(grapheme);
}
