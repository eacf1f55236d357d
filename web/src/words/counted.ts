/** Numbers and the nouns they count, as a language has them. */

/** Wordings bound to one locale: `number(1200)` and `of(3, "member", "members")`. */
export function countedBy(locale: string) {
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const number = (count: number) => numbers.format(count);
  const of = (count: number, one: string, many: string) =>
    `${number(count)} ${plurals.select(count) === "one" ? one : many}`;
  return { number, of };
}
