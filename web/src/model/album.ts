/** How the pictures of one message stand together: in rows of one width, each as high as its pictures ask for. */

export interface AlbumRow {
  /** Width by height. */
  readonly ratio: number;
  readonly tiles: readonly { readonly index: number; readonly ratio: number }[];
}

/** How many stand in each row, by how many there are. */
const rowsOf: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [2, 2, 3],
  [2, 3, 3],
  [3, 3, 3],
  [3, 3, 4],
];

/** Beyond these a picture is cropped, so that neither a strip nor a thread takes the others' room. */
const tile = { least: 0.6, most: 1.9 };
const row = { least: 1.2, most: 3 };

export function albumRows(ratios: readonly number[]): readonly AlbumRow[] {
  const shaped = ratios.map((ratio, index) => ({ index, ratio: between(ratio, tile) }));
  const rows: AlbumRow[] = [];
  let from = 0;
  for (const count of countsFor(shaped.map(({ ratio }) => ratio))) {
    const tiles = shaped.slice(from, from + count);
    from += count;
    rows.push({ ratio: between(sum(tiles.map(({ ratio }) => ratio)), row), tiles });
  }
  return rows;
}

/** A picture by itself, shown whole where it is not all too long. */
export function loneRatio(ratio: number): number {
  return between(ratio, { least: 0.5, most: 2.6 });
}

function countsFor(ratios: readonly number[]): readonly number[] {
  // Two wide ones side by side would be too low.
  if (ratios.length === 2 && sum(ratios) > row.most) return [1, 1];
  const known = rowsOf[ratios.length];
  if (known !== undefined) return known;
  return [...countsFor(ratios.slice(0, -3)), 3];
}

function between(value: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.min(most, Math.max(least, value));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
