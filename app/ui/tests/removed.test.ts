import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { call } from '../src/lib/ipc';
import Removed from '../src/screens/home/Removed.svelte';

describe('what was removed from the device', () => {
  afterEach(cleanup);

  it('is said with its number and why', async () => {
    const removed = [
      { why: 'team', records: 14 },
      { why: 'erased', records: 1 },
    ];
    render(Removed, { removed, fail: vi.fn() });
    expect(
      screen.getByText(
        '14 records were removed from this phone: your access to the team’s records ended. What you wrote is sent all the same.',
      ),
    ).toBeVisible();
    expect(
      screen.getByText(
        '1 record was removed from this phone: the law asks for it to be destroyed.',
      ),
    ).toBeVisible();
  });

  it('is silent where nothing was', () => {
    render(Removed, { removed: [], fail: vi.fn() });
    expect(screen.queryByTestId('removed')).toBeNull();
  });

  it('goes once somebody has read it', async () => {
    history.replaceState(null, '', '?removed');
    const fail = vi.fn();
    const { removed } = await call('home');
    expect(removed).toEqual([{ why: 'shared', records: 1 }]);
    render(Removed, { removed, fail });
    await fireEvent.click(screen.getByTestId('removed-seen'));
    await expect.poll(async () => (await call('home')).removed).toEqual([]);
    expect(fail).not.toHaveBeenCalled();
  });
});
