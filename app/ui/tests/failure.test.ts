import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { ErrorView } from '../src/lib/ipc/bindings';
import Failure from '../src/lib/ui/Failure.svelte';

const wrong = (triesLeft: number, minutes: number): ErrorView => ({
  code: 'wrong_pin',
  field: null,
  triesLeft,
  thenWaitMs: minutes * 60_000,
  waitUntil: null,
  details: null,
});

describe('a wrong PIN', () => {
  it('says how many tries are left and how long the wait after them is', async () => {
    const { rerender } = render(Failure, { error: wrong(4, 1) });
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Wrong PIN. 4 tries left before this phone waits 1 minute.',
    );
    await rerender({ error: wrong(1, 15) });
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Wrong PIN. 1 try left before this phone waits 15 minutes.',
    );
  });
});
