import { render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';

import type { ConnectionState, ListsView, StatusView } from '../src/lib/ipc/bindings';
import { time } from '../src/lib/clock.svelte';
import { oldLists } from '../src/lib/lists';
import { session } from '../src/lib/session.svelte';
import OldLists from '../src/lib/ui/OldLists.svelte';

const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 10, 22, 21, 33);
const OLD = 'The list of powers is 9 days old. You can use it. It updates by itself.';

const lists = (since: number | null): ListsView => ({
  version: '12',
  since,
  lists: [],
  hints: [],
  settings: { gowiselyItems: false },
});

const status = (state: ConnectionState, lastExchangeAt: number | null): StatusView => ({
  connection: { state, since: null, nextTryAt: null, lastExchangeAt },
  waitingRecords: 0,
  waitingDecisions: 0,
  waitingPhotos: 0,
  oldestWaiting: null,
  photosOverWifi: false,
  photosWait: false,
  moving: false,
  clockOffMs: null,
  freeBytes: null,
  lease: { over: false, until: NOW + DAY },
});

describe('the age of the lists', () => {
  it('is said once they are older than a week', () => {
    const off = (days: number) => status('no_connection', NOW - days * DAY);
    expect(oldLists(lists(NOW - 30 * DAY), off(9), NOW)).toBe(OLD);
    expect(oldLists(lists(NOW - 30 * DAY), off(7), NOW)).toBeNull();
    expect(oldLists(lists(NOW - 9 * DAY), status('no_connection', null), NOW)).toBe(OLD);
  });

  it('is not said of lists that the server has nothing newer than', () => {
    expect(oldLists(lists(NOW - 90 * DAY), status('connected', NOW - 60_000), NOW)).toBeNull();
  });

  it('is not said of those of the app, nor where they do not update by themselves', () => {
    expect(oldLists(lists(null), status('no_connection', NOW - 9 * DAY), NOW)).toBeNull();
    expect(oldLists(lists(NOW - 9 * DAY), status('sign_in', NOW - 9 * DAY), NOW)).toBeNull();
    expect(oldLists(lists(NOW - 9 * DAY), null, NOW)).toBeNull();
  });
});

describe('the notice of old lists', () => {
  afterEach(() => {
    session.lists = null;
    session.status = null;
  });

  it('stands where they are used, and goes with the next answer of the server', async () => {
    session.lists = lists(time.now - 30 * DAY);
    session.status = status('no_connection', time.now - 9 * DAY);
    render(OldLists);
    expect(screen.getByText(OLD)).toBeVisible();
    session.status = status('connected', time.now);
    await expect.poll(() => screen.queryByText(OLD)).toBeNull();
  });
});
