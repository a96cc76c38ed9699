/** A rate with its numbers; of few searches the numbers alone. */
import type { RateView } from '../../lib/ipc/bindings';
import { m } from '../../lib/messages';

export function rateWords({ part, of, few }: RateView): string {
  if (of === 0) return m.patterns.none;
  const numbers = m.patterns.partOf(part, of);
  return few ? `${numbers}, ${m.patterns.tooFew}` : `${numbers}, ${Math.round((100 * part) / of)}%`;
}
