/** Numbers and the nouns they count, as a language has them. */

/** Wordings bound to one locale: `number(1200)`, `of(3, "member", "members")` and `list(["Ana", "Ben"])`. */
export function countedBy(locale: string) {
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const number = (count: number) => numbers.format(count);
  const of = (count: number, one: string, many: string) =>
    `${number(count)} ${plurals.select(count) === "one" ? one : many}`;
  const lists = new Intl.ListFormat(locale);
  const list = (names: Iterable<string>) => lists.format(names);
  return { number, of, list };
}
