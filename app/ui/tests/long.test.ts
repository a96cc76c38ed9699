import { describe, expect, it } from 'vitest';

import { tooLong } from '../src/lib/long';

describe('words that are signed with a decision', () => {
  it('are refused in a sentence once they are too long, by characters and not by units', () => {
    expect(tooLong('a'.repeat(10_000))).toBe('');
    expect(tooLong('\u{1f694}'.repeat(10_000))).toBe('');
    expect(tooLong('a'.repeat(10_001))).toContain('too long');
    expect(tooLong('a'.repeat(1 << 20))).toContain('Nothing was decided');
  });
});
