import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { look } from '../src/lib/look.svelte';
import { m } from '../src/lib/messages';
import { en } from '../src/lib/messages/en';
import { fitting, LANGUAGES, nameOf, over, speak } from '../src/lib/messages/language.svelte';
import { dayHead, span, when } from '../src/lib/words';
import Menu from '../src/screens/Menu.svelte';

const SUNDAY = Date.UTC(2026, 10, 22, 20, 52);
const DAY = 86_400_000;

afterEach(async () => {
  look.set({ language: 'system' });
  vi.restoreAllMocks();
  localStorage.clear();
  await speak('en-GB');
});

describe('languages', () => {
  it('are found by their folders alone', () => {
    expect(LANGUAGES).toEqual(['en-GB', 'cy']);
    expect(nameOf('cy')).toEqual({ label: 'Cymraeg', lang: 'cy' });
    expect(nameOf('not a tag')).toEqual({ label: 'not a tag' });
  });

  it('follow what the system asks for, in its order', () => {
    expect(fitting(['fr', 'cy-GB', 'en'])).toBe('cy');
    expect(fitting(['en-US', 'cy'])).toBe('en-GB');
    expect(fitting(['fr'])).toBe('en-GB');
    expect(fitting([])).toBe('en-GB');
  });

  it('say in English what they lack, and what is no such word', () => {
    const words = over(
      { a: 'A', b: { c: () => 'C', d: ['D'] } },
      { a: 'Ah', b: { c: 'no', d: {} } },
    );
    expect(words.a).toBe('Ah');
    expect(words.b.c()).toBe('C');
    expect(words.b.d).toEqual(['D']);
    expect(over({ a: 'A' }, undefined)).toEqual({ a: 'A' });
    expect(over({ a: 'A' }, { b: 'of a code that English has no word for' })).toHaveProperty('b');
  });

  it('leave English as it is', async () => {
    await speak('cy');
    expect([m.yes, m.no]).toEqual(['Ie', 'No']);
    expect(en.yes).toBe('Yes');
    await speak('not there');
    expect(m.yes).toBe('Yes');
  });

  it('write days and spans', async () => {
    const now = SUNDAY + 1;
    expect([dayHead(SUNDAY, now), span(3 * 60_000)]).toEqual(['Today', '3 minutes']);
    expect(when(SUNDAY - 30 * DAY, now)).toBe('23 Oct 21:52');
    await speak('cy');
    expect([dayHead(SUNDAY, now), span(3 * 60_000)]).toEqual(['Heddiw', '3 munud']);
    expect(dayHead(SUNDAY - 3 * DAY, now)).toBe('Dydd Iau 19 Tachwedd');
  });
});

describe('the menu', () => {
  it('offers the languages, changes every word at once and keeps the choice', async () => {
    render(Menu, { id: '', rest: '' });
    expect(screen.getByRole('group', { name: 'Language' })).toBeInTheDocument();
    expect(screen.getByText('Cymraeg').closest('[lang]')).toHaveAttribute('lang', 'cy');
    await fireEvent.click(screen.getByTestId('language-cy'));
    await waitFor(() => expect(screen.getByRole('group', { name: 'Iaith' })).toBeInTheDocument());
    expect(document.documentElement.lang).toBe('cy');
    // What is not said in it stays in English.
    expect(screen.getByText('Golau neu dywyll')).toBeInTheDocument();
    expect(screen.getByText('Large buttons')).toBeInTheDocument();
    expect(JSON.parse(localStorage.getItem('beatbook.look') ?? '')).toMatchObject({
      language: 'cy',
    });
    await fireEvent.click(screen.getByTestId('language-en-GB'));
    await waitFor(() => expect(document.documentElement.lang).toBe('en-GB'));
    expect(screen.getByRole('group', { name: 'Language' })).toBeInTheDocument();
  });

  it('follows the system until somebody chooses', async () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['cy-GB', 'en-GB']);
    await look.speak();
    expect(m.menu.title).toBe('Dewislen');
    look.set({ language: 'en-GB' });
    await waitFor(() => expect(m.menu.title).toBe('Menu'));
  });
});
