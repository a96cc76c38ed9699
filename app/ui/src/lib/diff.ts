/** The difference of two texts in words, by their longest common sequence. */
export interface Piece {
  sort: 'same' | 'added' | 'removed';
  words: string;
}

/** Texts beyond this many words are shown whole, one after the other: the table grows with both. */
const MOST = 1500;

export function difference(before: string, after: string): Piece[] {
  const a = before.split(/(?<=\s)/).filter(Boolean);
  const b = after.split(/(?<=\s)/).filter(Boolean);
  if (a.length > MOST || b.length > MOST) {
    return [
      { sort: 'removed', words: before },
      { sort: 'added', words: after },
    ];
  }
  const same = (x: string | undefined, y: string | undefined) => x?.trim() === y?.trim();
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = same(a[i], b[j])
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  const add = (sort: Piece['sort'], words: string) => {
    const last = pieces.at(-1);
    if (last?.sort === sort) last.words += words;
    else pieces.push({ sort, words });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(a[i], b[j])) {
      add('same', b[j] ?? '');
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      add('removed', a[i] ?? '');
      i += 1;
    } else {
      add('added', b[j] ?? '');
      j += 1;
    }
  }
  return pieces;
}
