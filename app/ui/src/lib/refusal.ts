/** Why an entry of the officer's own is not in, in words. */
import { m } from './messages';

/**
 * What is kept out for good is not called one that a supervisor may still let in. `code` is the
 * entry's state, `held` or `not_accepted`; `reason` the server's.
 */
export function refusalWords(code: string, reason: string | null | undefined): string {
  const final = code === 'not_accepted';
  const upheld = final && reason ? m.keptOut[reason] : undefined;
  const known = reason ? m.refusals[reason] : undefined;
  return upheld ?? known ?? (final ? m.refusalOther.not_accepted : m.refusalOther.held);
}
