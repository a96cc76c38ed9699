/** Hints on grounds while they are typed: they point at words of the force's own list. */
import type { HintView } from './ipc/bindings';

const words = (text: string) =>
  ` ${text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')} `;

/** The first phrase of the list that stands in the text; at most one hint at a time. */
export function hintFor(text: string, hints: readonly HintView[]): HintView | null {
  const said = words(text);
  return hints.find((hint) => said.includes(words(hint.phrase))) ?? null;
}

/** The text cut at the phrases, so that they can be marked. */
export function marked(
  text: string,
  phrases: readonly string[],
): { words: string; mark: boolean }[] {
  const escaped = phrases
    .filter(Boolean)
    .map((it) => it.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
  if (escaped.length === 0) return [{ words: text, mark: false }];
  return text
    .split(new RegExp(`(${escaped.join('|')})`, 'i'))
    .map((part, at) => ({ words: part, mark: at % 2 === 1 }))
    .filter((part) => part.words);
}
