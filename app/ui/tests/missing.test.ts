import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Change } from '../src/lib/change.svelte';
import Missing from '../src/lib/ui/Missing.svelte';
import Sample from '../src/screens/Sample.svelte';
import Edit from '../src/screens/record/Edit.svelte';
import Reason from '../src/screens/record/Reason.svelte';
import Enrol from '../src/screens/start/Enrol.svelte';

afterEach(cleanup);

const gaps = [{ field: 'reason', words: 'Say why you read this record.' }];

describe('what is missing', () => {
  it('is said only once somebody wanted to go on, and then takes the focus', async () => {
    const { rerender } = render(Missing, { gaps, tries: 0 });
    expect(screen.queryByRole('alert')).toBeNull();
    await rerender({ gaps, tries: 1 });
    expect(screen.getByRole('alert', { name: 'There is a problem' })).toHaveFocus();
    await rerender({ gaps: [], tries: 1 });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is never hidden behind a grey button: the reason for a reading', async () => {
    const done = vi.fn();
    render(Reason, { id: 'r4dd', done });
    const button = screen.getByTestId('reason-open');
    expect(button).toBeEnabled();
    await fireEvent.click(button);
    const field = screen.getByTestId('reason-text');
    expect(field).toHaveAccessibleDescription('Say why you read this record.');
    expect(field).toBeInvalid();
    const before = location.hash;
    await fireEvent.click(screen.getByRole('link', { name: 'Say why you read this record.' }));
    expect(field).toHaveFocus();
    expect(location.hash).toBe(before);
    expect(done).not.toHaveBeenCalled();
  });

  it('is never hidden behind a grey button: a sample without a seed', async () => {
    render(Sample, { id: '', rest: '' });
    await fireEvent.input(screen.getByTestId('sample-count'), { target: { value: 'ten' } });
    expect(screen.getByTestId('sample-draw')).toBeEnabled();
    await fireEvent.submit(document.querySelector('form') as HTMLFormElement);
    expect(screen.getByRole('link', { name: 'Say how many records, in digits.' })).toBeVisible();
    await fireEvent.click(screen.getByRole('link', { name: 'Type a word as the seed.' }));
    expect(screen.getByTestId('sample-seed')).toHaveFocus();
  });

  it('is never hidden behind a grey button: a change of nothing', async () => {
    const change = {
      id: 'r4dd',
      view: { row: { kind: 'note' } },
      fields: {},
      before: {},
      empty: true,
      error: null,
      sign: vi.fn(),
    };
    const props = { newer: false, rest: 'difference', done: vi.fn() };
    render(Edit, { change: change as unknown as Change, ...props });
    await fireEvent.click(screen.getByTestId('edit-sign'));
    expect(screen.getByRole('alert')).toHaveTextContent('Nothing is changed yet.');
    expect(change.sign).not.toHaveBeenCalled();
  });

  it('is never hidden behind a grey button: the first form there is', async () => {
    render(Enrol);
    expect(screen.getByTestId('enrol-submit')).toBeEnabled();
    await fireEvent.submit(document.querySelector('form') as HTMLFormElement);
    expect(screen.getByRole('link', { name: 'Paste the set-up link.' })).toBeVisible();
  });
});
