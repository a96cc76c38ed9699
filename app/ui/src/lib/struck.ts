/** Words of a record with what was put right later struck out of them. */
import type { AddendumView } from './ipc/bindings';

export interface Struck {
  words: string;
  struck: boolean;
}

/** The words cut where a correction says that they no longer hold. `about` names them: a field,
 * or an addition. */
export function strike(words: string, about: string, addenda: readonly AddendumView[]): Struck[] {
  const corrections = addenda.filter((it) => it.corrects === about);
  if (corrections.some((it) => it.quote === null)) return [{ words, struck: true }];
  let parts: Struck[] = [{ words, struck: false }];
  for (const { quote } of corrections) {
    if (quote) parts = parts.flatMap((part) => cut(part, quote));
  }
  return parts;
}

function cut(part: Struck, quote: string): Struck[] {
  const at = part.struck ? -1 : part.words.indexOf(quote);
  if (at < 0) return [part];
  return [
    { words: part.words.slice(0, at), struck: false },
    { words: quote, struck: true },
    { words: part.words.slice(at + quote.length), struck: false },
  ].filter((it) => it.words !== '');
}
