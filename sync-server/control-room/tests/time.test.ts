import { describe, expect, it } from 'vitest';

import { clock, clockBeside, clockSeconds, later, span } from '../src/lib/time.ts';

const at = (text: string) => Date.parse(text);
const MINUTE = 60_000;

describe('times', () => {
  it('are those of the force, in winter and in summer', () => {
    expect(clockSeconds(at('2026-11-20T21:36:12Z'))).toBe('21:36:12');
    expect(clock(at('2026-07-20T21:36:00Z'))).toBe('22:36');
    expect(clock(at('2026-11-20T00:05:00Z'))).toBe('00:05');
  });

  it('name the day where it is another', () => {
    const received = at('2026-11-21T00:10:00Z');
    expect(clockBeside(at('2026-11-21T00:05:00Z'), received)).toBe('00:05');
    expect(clockBeside(at('2026-11-20T23:50:00Z'), received)).toBe('Fri 20 Nov 23:50');
  });
});

describe('the difference between happening and receipt', () => {
  const received = at('2026-11-20T21:34:02Z');

  it('is said when it is more than 15 minutes', () => {
    expect(later(received - 15 * MINUTE, received)).toBeNull();
    expect(later(received - 15 * MINUTE - 1, received)).toBe('15 min later');
    expect(later(received - 50 * MINUTE, received)).toBe('50 min later');
  });

  it('is not said of what happens later, or at no known time', () => {
    expect(later(received + 60 * MINUTE, received)).toBeNull();
    expect(later(null, received)).toBeNull();
  });

  it('uses the largest sensible unit', () => {
    expect(span(1_000)).toBe('1 second');
    expect(span(59_999)).toBe('59 seconds');
    expect(span(119 * MINUTE)).toBe('119 min');
    expect(span(195 * MINUTE)).toBe('3 h');
    expect(span(48 * 60 * MINUTE)).toBe('2 days');
  });
});
