import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';

import { difference } from '../src/lib/diff';
import { hintFor, marked } from '../src/lib/hints';
import ErrorSummary from '../src/lib/ui/ErrorSummary.svelte';
import Options from '../src/lib/ui/Options.svelte';
import Radios from '../src/lib/ui/Radios.svelte';
import { dayHead, due, fullWhen, momentOf, partsOf, when } from '../src/lib/words';
import { also } from '../src/screens/search/answers';
import { doubts } from '../src/screens/search/where/fix';
import { pageOf, pagesOf, problemWords } from '../src/screens/search/pages';

describe('option buttons', () => {
  const choices = [
    { code: 'qr', label: 'Yes, QR code' },
    { code: 'refused', label: 'They do not want it' },
  ];

  it('answers with one touch', async () => {
    const pick = vi.fn();
    render(Options, { choices, pick });
    await fireEvent.click(screen.getByTestId('option-qr'));
    expect(pick).toHaveBeenCalledExactlyOnceWith('qr');
  });

  it('chooses nothing by itself and marks what was chosen', () => {
    const { unmount } = render(Options, { choices, pick: vi.fn() });
    expect(screen.queryByRole('button', { pressed: true })).toBeNull();
    unmount();
    render(Options, { choices, chosen: 'refused', pick: vi.fn() });
    expect(screen.getByRole('button', { pressed: true })).toHaveTextContent('They do not want it');
  });

  it('names a group of radios and its error', () => {
    render(Radios, { name: 'sex', legend: 'Sex', choices, pick: vi.fn(), error: 'Choose one.' });
    expect(screen.getByRole('group', { name: 'Sex' })).toHaveAccessibleDescription('Choose one.');
  });
});

describe('a satellite position', () => {
  const at = Date.UTC(2026, 10, 22, 21, 33);
  const fields = {
    searched_at: at,
    place_source: 'gps',
    place_accuracy_m: 100,
    place_fix_at: at - 600_000,
  };

  it('is doubted where it is old or not exact, each in its own sentence', () => {
    expect(doubts(fields)).toEqual([]);
    expect(doubts({ ...fields, place_fix_at: at - 600_001 })).toEqual([
      'The position is over ten minutes old. Check that it is where the search was.',
    ]);
    expect(doubts({ ...fields, place_accuracy_m: 400 })).toEqual([
      'The position is only right within 400 m. Your own words say more.',
    ]);
    expect(doubts({ ...fields, place_accuracy_m: 400, place_fix_at: 0 })).toHaveLength(2);
  });

  it('is not doubted where it is the officer who put it there', () => {
    const pin = { ...fields, place_source: 'pin', place_accuracy_m: 400, place_fix_at: 0 };
    expect(doubts(pin)).toEqual([]);
  });
});

describe('error summary', () => {
  const problems = [
    { href: '#/stop-search/d/grounds/check/grounds', words: 'Say why you searched this person.' },
    {
      href: '#/stop-search/d/who/check/self_ethnicity',
      words: 'Choose their ethnicity, or Not stated.',
    },
  ];

  it('takes the focus and leads to each field', () => {
    render(ErrorSummary, { problems });
    expect(screen.getByRole('alert', { name: 'There is a problem' })).toHaveFocus();
    const links = screen.getAllByRole('link').map((link) => link.getAttribute('href'));
    expect(links).toEqual(problems.map((it) => it.href));
  });

  it('says each of the law’s items in the officer’s words, on the page that asks for it', () => {
    const say = (field: string) => problemWords({ field, code: 'missing' });
    expect(say('grounds')).toBe('Say why you searched this person.');
    expect(say('self_ethnicity')).toBe('Choose their ethnicity, or Not stated.');
    expect(pageOf('grounds')).toBe('grounds');
    expect(pageOf('self_ethnicity')).toBe('who');
    expect(pageOf('outcome')).toBe('what');
    expect(pageOf('place_text')).toBe('where');
    expect(pageOf('searched_by')).toBe('what');
  });

  it('has a sentence for each thing that cannot be', () => {
    const say = (field: string, code: string) => problemWords({ field, code });
    expect(say('birth_date', 'not_a_time')).toBe(
      'Date of birth: there is no such day. Check it, or leave it blank.',
    );
    expect(say('age', 'out_of_range')).toBe('Age in years cannot be right. Check it.');
    expect(say('grounds', 'too_long')).toBe('Grounds is too long. Shorten it.');
  });

  it('reads a code that the list does not have any more', () => {
    const rows = also({ subject: 'person', outcome: 'penalty_notice' }, null);
    expect(rows.find((it) => it.field === 'outcome')?.value).toBe('Penalty notice');
  });

  it('asks nobody beside an unattended vehicle', () => {
    const alone = { subject: 'unattended_vehicle' };
    expect(pagesOf(alone)).not.toContain('said');
    expect(pagesOf(alone)).not.toContain('copy');
    expect(pagesOf({ subject: 'vehicle' })).toContain('copy');
    const rows = also(alone, null).map((it) => it.field);
    expect(rows).toContain('notice');
    expect(rows).not.toContain('gowisely');
    expect(rows).not.toContain('copy');
  });
});

describe('words', () => {
  it('points at a phrase as whole words, and marks it where it stands', () => {
    const hints = [{ phrase: 'known drugs area', code: 'place_not_person' }];
    expect(hintFor('In a Known  drugs area he ran.', hints)?.code).toBe('place_not_person');
    expect(hintFor('Unknown drugs areas', hints)).toBeNull();
    expect(marked('In a Known drugs area, he ran', ['known drugs area'])[1]).toEqual({
      words: 'Known drugs area',
      mark: true,
    });
  });

  it('shows a difference in words', () => {
    expect(difference('Acting suspiciously there', 'Took cash there')).toEqual([
      { sort: 'removed', words: 'Acting suspiciously ' },
      { sort: 'added', words: 'Took cash ' },
      { sort: 'same', words: 'there' },
    ]);
  });

  it('reads the wall clock in summer and winter, and refuses days that are none', () => {
    const summer = { year: 2026, month: 7, day: 1, hour: 12, minute: 5 };
    expect(momentOf(summer)).toBe(Date.UTC(2026, 6, 1, 11, 5));
    expect(partsOf(Date.UTC(2026, 10, 22, 21, 33)).hour).toBe(21);
    expect(momentOf({ year: 2026, month: 2, day: 31, hour: 1, minute: 1 })).toBeNull();
  });

  it('names the year where it is another one', () => {
    const now = Date.UTC(2026, 10, 22, 21);
    expect(fullWhen(now - 2 * 86_400_000, now)).toBe('Fri 20 Nov, 21:00');
    expect(fullWhen(Date.UTC(2099, 10, 22, 21), now)).toBe('Sun 22 Nov 2099, 21:00');
    expect(when(Date.UTC(2025, 7, 3, 12), now)).toBe('3 Aug 2025 13:00');
    expect(dayHead(Date.UTC(2025, 7, 3, 12), now)).toBe('Sunday 3 August 2025');
  });

  it('tells a late review from a due one', () => {
    const now = Date.UTC(2026, 10, 22, 21);
    expect(due(now - 2 * 3_600_000, now)).toEqual({ words: '2 h late', tone: 'late' });
    expect(due(now + 3 * 3_600_000, now).words).toBe('Due in 3 h');
  });
});
