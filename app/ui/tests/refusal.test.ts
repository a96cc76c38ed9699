import { expect, it } from 'vitest';

import { en } from '../src/lib/messages/en';
import { refusalWords } from '../src/lib/refusal';

it('does not say of what is kept out that somebody may let it in, or that IT must help', () => {
  for (const reason of Object.keys(en.keptOut)) {
    const words = refusalWords('not_accepted', reason);
    expect(words).toContain('keeps');
    expect(words).not.toMatch(/release|IT support/);
  }
  expect(refusalWords('held', 'role')).toContain('can release');
  expect(refusalWords('held', 'device_revoked')).toBe(en.refusalOther.held);
  expect(refusalWords('not_accepted', 'own_record')).toBe(en.refusals['own_record']);
  expect(refusalWords('not_accepted', 'guard')).toBe(en.refusalOther.not_accepted);
  expect(refusalWords('not_accepted', null)).toBe(en.refusalOther.not_accepted);
});
