/** The longest words that can be signed with a decision; the core and the server refuse more. */
import { m } from './messages';

const MOST = 10_000;

/** What is wrong with words that are too long to be signed; blank if they are not. */
export function tooLong(words: string): string {
  // Characters, not the units that the browser counts.
  return words.length > MOST && [...words.trim()].length > MOST ? m.review.tooLong : '';
}
