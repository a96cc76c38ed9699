import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { en } from '../src/lib/messages/en';
import { LOOKS, stateCode, type StateCode } from '../src/lib/states';
import State from '../src/lib/ui/State.svelte';

const show = (code: string) =>
  render(State, { state: { code, at: null, by: 'Sgt 2093 Ahmed', photos: 2, reason: null } });

describe('states', () => {
  it('has words and a shape for every state', () => {
    for (const code of Object.keys(LOOKS) as StateCode[]) {
      const { container, unmount } = show(code);
      const badge = screen.getByTestId(`state-${code}`);
      expect(badge.textContent?.trim().length).toBeGreaterThan(2);
      expect(container.querySelector('svg')).not.toBeNull();
      unmount();
    }
  });

  it('shows the green tick for what the server accepted and for nothing else', () => {
    for (const code of Object.keys(LOOKS) as StateCode[]) {
      const { container, unmount } = show(code);
      const green = container.querySelector('.ok, .disc') !== null;
      expect(green, code).toBe(code === 'received');
      unmount();
    }
  });

  it('fills only what wants a person', () => {
    const filled = (Object.keys(LOOKS) as StateCode[]).filter((code) => LOOKS[code].filled);
    expect(filled.sort()).toEqual([
      'amended',
      'answered',
      'begun',
      'confirm',
      'conflict',
      'held',
      'not_accepted',
      'returned',
    ]);
  });

  it('never takes a state it does not know for received', () => {
    expect(stateCode('something_newer')).toBe('saved');
    expect(stateCode('toString')).toBe('saved');
  });

  it('says who approved', () => {
    show('approved');
    expect(screen.getByText('Approved by Sgt 2093 Ahmed')).toBeInTheDocument();
  });

  it('uses no word of the trade of computers', () => {
    const said = JSON.stringify(en, (_, value: unknown) =>
      typeof value === 'function' ? String(value) : value,
    );
    expect(said).not.toMatch(/\b(sync\w*|payload|error code|outbox)\b/i);
  });
});
